-- Proposals with the answers they were given, and what people say about sites. Only adds.

INSERT INTO schema_versions (version, abiscope_version) VALUES (13, '0.1.0');

CREATE TABLE proposals (
    id text PRIMARY KEY CHECK (id ~ '^[0-9a-f]{20}$'),
    title text NOT NULL,
    canonical text NOT NULL,
    snapshot bytea NOT NULL CHECK (octet_length(snapshot) = 32),
    analyzer_version text NOT NULL,
    capi_version text NOT NULL,
    answer bytea NOT NULL,
    saved_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX proposals_newest ON proposals (saved_at DESC, id);
COMMENT ON TABLE proposals IS 'Saved proposals. A row never changes: a correction is another row.';
COMMENT ON COLUMN proposals.id IS 'The first twenty digits of the SHA-256 of rules, snapshot, analyzer and C-API data.';
COMMENT ON COLUMN proposals.title IS 'For people, as it was when it was first saved.';
COMMENT ON COLUMN proposals.canonical IS 'Its fields in their one spelling, a line each, without the title.';
COMMENT ON COLUMN proposals.snapshot IS 'SHA-256 over what stood: each project with its release and the hash of its sdist.';
COMMENT ON COLUMN proposals.analyzer_version IS 'The rules of the analyzer.';
COMMENT ON COLUMN proposals.capi_version IS 'The C-API data.';
COMMENT ON COLUMN proposals.answer IS 'The answer as JSON, compressed with zstd. Given once.';
COMMENT ON COLUMN proposals.saved_at IS 'When it was saved first.';

CREATE TABLE reviews (
    source bytea NOT NULL CHECK (octet_length(source) = 32),
    rule text NOT NULL,
    site text NOT NULL,
    verdict text NOT NULL CHECK (verdict IN ('false-positive', 'confirmed')),
    reason text NOT NULL,
    by text NOT NULL,
    project text NOT NULL,
    path text NOT NULL,
    reviewed_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (source, rule, site, project)
);
CREATE INDEX reviews_of_rule ON reviews (rule);
COMMENT ON TABLE reviews IS 'What people say about sites that a rule asks for. It holds for a line in a file of a content, whatever the release.';
COMMENT ON COLUMN reviews.source IS 'SHA-256 of the source file''s content.';
COMMENT ON COLUMN reviews.rule IS 'The rule in its canonical text.';
COMMENT ON COLUMN reviews.site IS 'The source line as it is shown, without white space at its ends.';
COMMENT ON COLUMN reviews.verdict IS 'What is said.';
COMMENT ON COLUMN reviews.reason IS 'Why, for everybody to read.';
COMMENT ON COLUMN reviews.by IS 'Who says so.';
COMMENT ON COLUMN reviews.project IS 'The project in whose standing release the file is looked for: who copies it is judged apart.';
COMMENT ON COLUMN reviews.path IS 'Where the file was when it was judged.';
COMMENT ON COLUMN reviews.reviewed_at IS 'When it was said.';
