-- What the operator decides: whose source is hidden, and what upkeep lets go of. Only adds: a program of before runs on
-- beside it; it shows hidden source until it is replaced.

INSERT INTO schema_versions (version, abiscope_version) VALUES (7, '0.1.0');

CREATE TABLE hidden_projects (
    name text PRIMARY KEY,
    reason text NOT NULL CHECK (reason <> ''),
    hidden_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE hidden_projects IS 'Projects whose source the operator hides, known to the survey or not. Not in the digest: it was decided, not found out.';
COMMENT ON COLUMN hidden_projects.name IS 'Normalised name.';
COMMENT ON COLUMN hidden_projects.reason IS 'Why, for everybody to read on the project''s page.';
COMMENT ON COLUMN hidden_projects.hidden_at IS 'When it was hidden last.';

CREATE VIEW hidden_sources AS
SELECT p.id AS project_id, CASE WHEN h.name IS NULL THEN p.state ELSE 'operator' END AS because, h.reason
FROM projects p LEFT JOIN hidden_projects h ON h.name = p.name
WHERE p.state IN ('quarantined', 'withdrawn') OR h.name IS NOT NULL;
COMMENT ON VIEW hidden_sources IS 'The one rule about whose source is not shown: whatever shows lines of source leaves these projects out. Facts about them stay.';
COMMENT ON COLUMN hidden_sources.project_id IS 'The project.';
COMMENT ON COLUMN hidden_sources.because IS 'Its state, or operator: the reason says why.';
COMMENT ON COLUMN hidden_sources.reason IS 'What the operator says, where it is the operator who hides it.';

CREATE TABLE retention_policy (
    only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
    drop_archives boolean NOT NULL,
    old_reports interval CHECK (old_reports >= interval '0'),
    orphans interval NOT NULL CHECK (orphans >= interval '0'),
    set_at timestamptz NOT NULL DEFAULT now(),
    done_at timestamptz
);
COMMENT ON TABLE retention_policy IS 'What upkeep lets go of, once a day, whichever process does it. The crawl that looked at its index last decides.';
COMMENT ON COLUMN retention_policy.only_one IS 'There is one policy.';
COMMENT ON COLUMN retention_policy.drop_archives IS 'Raw archives go once packed.';
COMMENT ON COLUMN retention_policy.old_reports IS 'How long reports of older analyzers are kept; null: for ever.';
COMMENT ON COLUMN retention_policy.orphans IS 'How long a blob that no row names is kept.';
COMMENT ON COLUMN retention_policy.set_at IS 'When it came to be as it is.';
COMMENT ON COLUMN retention_policy.done_at IS 'When it was last applied to the end; null: not since it is as it is.';
