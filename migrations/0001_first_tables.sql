-- The first tables: projects, their releases and files, reports and what follows from them.
--
-- Words that name a state are text with a check, so that a query reads like the contract. What is repeated in every
-- row of `uses` (some 50 million for 20,000 projects with 10 releases) is a small number that points to an interned
-- word. Ids of each table start apart, so that a mixed-up id finds nothing instead of something else.

CREATE TABLE schema_versions (
    version bigint PRIMARY KEY,
    abiscope_version text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE schema_versions IS 'One row for each migration, written by that migration.';
COMMENT ON COLUMN schema_versions.version IS 'The number of the migration.';
COMMENT ON COLUMN schema_versions.abiscope_version IS 'The first abiscope that knows this schema: an older one refuses and names it.';
COMMENT ON COLUMN schema_versions.applied_at IS 'When it was applied here.';
INSERT INTO schema_versions (version, abiscope_version) VALUES (1, '0.1.0');

CREATE TABLE data_changes (
    slot smallint PRIMARY KEY,
    changes bigint NOT NULL DEFAULT 0,
    changed_at timestamptz
) WITH (fillfactor = 10);
COMMENT ON TABLE data_changes IS 'Counts committed writes. Each connection counts in its own slot, so that writers do not wait for one row; the sum is the data version.';
COMMENT ON COLUMN data_changes.slot IS 'Backend process id modulo 16.';
COMMENT ON COLUMN data_changes.changes IS 'Write transactions committed in this slot.';
COMMENT ON COLUMN data_changes.changed_at IS 'When the last of them began.';
INSERT INTO data_changes (slot) SELECT generate_series(0, 15);

CREATE TABLE projects (
    id bigint GENERATED ALWAYS AS IDENTITY (START WITH 10000) PRIMARY KEY,
    name text NOT NULL UNIQUE,
    display_name text NOT NULL,
    state text NOT NULL
        CHECK (state IN ('listed', 'not-found', 'quarantined', 'withdrawn', 'index-too-large', 'deferred')),
    reason text,
    status_text text,
    serial bigint,
    etag text,
    read_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE projects IS 'Every project the survey has heard of. Rows are never deleted.';
COMMENT ON COLUMN projects.id IS 'Row id.';
COMMENT ON COLUMN projects.name IS 'Normalised name.';
COMMENT ON COLUMN projects.display_name IS 'The name as the project writes it.';
COMMENT ON COLUMN projects.state IS 'State of the contract.';
COMMENT ON COLUMN projects.reason IS 'Why it is in this state, where the state alone does not tell.';
COMMENT ON COLUMN projects.status_text IS 'The index''s own word about the project (PEP 792), verbatim.';
COMMENT ON COLUMN projects.serial IS 'The index''s serial of the page last recorded; an older page is refused by it.';
COMMENT ON COLUMN projects.etag IS 'For conditional requests.';
COMMENT ON COLUMN projects.read_at IS 'When the index last told us anything about it, its absence included.';

CREATE TABLE releases (
    id bigint GENERATED ALWAYS AS IDENTITY (START WITH 20000) PRIMARY KEY,
    project_id bigint NOT NULL REFERENCES projects,
    version text NOT NULL,
    position integer NOT NULL,
    latest boolean NOT NULL,
    standing boolean NOT NULL DEFAULT false,
    prerelease boolean NOT NULL,
    yanked boolean NOT NULL,
    listed boolean NOT NULL DEFAULT true,
    requires_python text,
    uploaded_at timestamptz,
    state text NOT NULL CHECK (state IN ('selected', 'pure-by-tags', 'no-source', 'no-files', 'not-selected')),
    reason text,
    UNIQUE (project_id, version)
);
CREATE UNIQUE INDEX releases_one_latest ON releases (project_id) WHERE latest;
CREATE UNIQUE INDEX releases_one_standing ON releases (project_id) WHERE standing;
COMMENT ON TABLE releases IS 'Every release of a project that a page has listed. Rows are never deleted.';
COMMENT ON COLUMN releases.id IS 'Row id.';
COMMENT ON COLUMN releases.project_id IS 'Whose release it is.';
COMMENT ON COLUMN releases.version IS 'As the index writes it.';
COMMENT ON COLUMN releases.position IS 'Place among the releases of the project''s page, lowest version first, from 0.';
COMMENT ON COLUMN releases.latest IS 'The latest release by the index; at most one.';
COMMENT ON COLUMN releases.standing IS 'The release that stands for the project in the survey: the latest one if it was judged, else the highest that was (a survey may have asked for an older one by its version); at most one.';
COMMENT ON COLUMN releases.prerelease IS 'An alpha, beta, candidate or development release.';
COMMENT ON COLUMN releases.yanked IS 'All its files are yanked.';
COMMENT ON COLUMN releases.listed IS 'It is on the page last recorded.';
COMMENT ON COLUMN releases.requires_python IS 'As the index gives it.';
COMMENT ON COLUMN releases.uploaded_at IS 'When its first file was uploaded.';
COMMENT ON COLUMN releases.state IS 'State of the contract.';
COMMENT ON COLUMN releases.reason IS 'Why it is in this state, where the state alone does not tell.';

CREATE TABLE files (
    id bigint GENERATED ALWAYS AS IDENTITY (START WITH 30000) PRIMARY KEY,
    release_id bigint NOT NULL REFERENCES releases,
    filename text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('sdist', 'wheel', 'other')),
    detail text,
    url text NOT NULL,
    sha256 bytea CHECK (octet_length(sha256) = 32),
    size bigint CHECK (size >= 0),
    uploaded_at timestamptz,
    yanked text,
    listed boolean NOT NULL DEFAULT true,
    selected boolean NOT NULL DEFAULT false,
    state text CHECK (state IN ('queued', 'fetched', 'analysed', 'unreadable', 'too-large', 'hash-mismatch',
        'blocked-url', 'missing-upstream', 'withdrawn', 'analyzer-failed', 'deferred')),
    reason text,
    fetched_at timestamptz,
    pack_blob bytea CHECK (octet_length(pack_blob) = 32),
    CHECK (state IS NULL OR kind = 'sdist'),
    CHECK (state IS NOT NULL OR NOT selected),
    CHECK (fetched_at IS NULL OR sha256 IS NOT NULL),
    CHECK (fetched_at IS NOT NULL OR coalesce(state, '') NOT IN ('fetched', 'analysed'))
);
-- One name may have had several contents: each is a row.
CREATE UNIQUE INDEX files_content ON files (release_id, filename, coalesce(sha256, ''::bytea));
CREATE UNIQUE INDEX files_one_selected ON files (release_id) WHERE selected;
CREATE INDEX files_unfinished ON files (state) WHERE state NOT IN ('analysed');
COMMENT ON TABLE files IS 'Every file of a release that a page has listed. Rows are never deleted; the same name with another hash is another row.';
COMMENT ON COLUMN files.id IS 'Row id.';
COMMENT ON COLUMN files.release_id IS 'The release it belongs to.';
COMMENT ON COLUMN files.filename IS 'Its name.';
COMMENT ON COLUMN files.kind IS 'What its name says it is.';
COMMENT ON COLUMN files.detail IS 'The tags of a wheel as written; why another file is neither sdist nor wheel.';
COMMENT ON COLUMN files.url IS 'Where the index says it is. Untrusted.';
COMMENT ON COLUMN files.sha256 IS 'The hash that the index promises; also the key of its blob once fetched.';
COMMENT ON COLUMN files.size IS 'Bytes, as the index says.';
COMMENT ON COLUMN files.uploaded_at IS 'When it was uploaded.';
COMMENT ON COLUMN files.yanked IS 'The reason for yanking, possibly empty; null if it is not yanked.';
COMMENT ON COLUMN files.listed IS 'It is on the page last recorded.';
COMMENT ON COLUMN files.selected IS 'The sdist of its release that is analysed; at most one.';
COMMENT ON COLUMN files.state IS 'State of the contract, from the day the file was first selected; null for all others.';
COMMENT ON COLUMN files.reason IS 'Why it is in this state, where the state alone does not tell.';
COMMENT ON COLUMN files.fetched_at IS 'When its verified bytes were stored; null: they never were.';
COMMENT ON COLUMN files.pack_blob IS 'Key of its source pack.';

CREATE TABLE items (
    id integer GENERATED ALWAYS AS IDENTITY (START WITH 40000) PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('api', 'member', 'lvalue', 'static-type', 'module-def', 'layout',
        'internal-header', 'export-hook')),
    name text NOT NULL,
    UNIQUE (name, kind)
);
COMMENT ON TABLE items IS 'Interned: what can be used, in which kind of finding. Only added to, so that uses need no foreign key here: its checks would make all writers lock the commonest rows.';
COMMENT ON COLUMN items.id IS 'Row id.';
COMMENT ON COLUMN items.kind IS 'Kind of finding.';
COMMENT ON COLUMN items.name IS 'PyTuple_GET_SIZE, PyFrameObject.f_code, or the variable of a static type.';

CREATE TABLE origins (
    id integer GENERATED ALWAYS AS IDENTITY (START WITH 50000) PRIMARY KEY,
    class text NOT NULL CHECK (class IN ('own', 'generated', 'vendored', 'test-or-doc')),
    by text NOT NULL,
    UNIQUE (class, by)
);
COMMENT ON TABLE origins IS 'Interned: who wrote the code. Only added to.';
COMMENT ON COLUMN origins.id IS 'Row id.';
COMMENT ON COLUMN origins.class IS 'Class of origin.';
COMMENT ON COLUMN origins.by IS 'The generator with its version, or the vendored project; empty if there is none.';

CREATE TABLE conditions (
    id integer GENERATED ALWAYS AS IDENTITY (START WITH 60000) PRIMARY KEY,
    condition text NOT NULL UNIQUE
);
COMMENT ON TABLE conditions IS 'Interned: when the preprocessor keeps a line. Only added to.';
COMMENT ON COLUMN conditions.id IS 'Row id.';
COMMENT ON COLUMN conditions.condition IS 'The expression of the contract.';

CREATE TABLE reports (
    id integer GENERATED ALWAYS AS IDENTITY (START WITH 70000) PRIMARY KEY,
    file_id bigint NOT NULL REFERENCES files,
    analyzer_version text NOT NULL,
    capi_version text NOT NULL,
    schema_version integer NOT NULL,
    digest bytea NOT NULL CHECK (octet_length(digest) = 32),
    tree jsonb NOT NULL,
    tools jsonb NOT NULL,
    problems jsonb NOT NULL,
    unresolved jsonb NOT NULL,
    structures jsonb NOT NULL,
    native_files bigint NOT NULL,
    floor text,
    paths text[] NOT NULL,
    sites_blob bytea NOT NULL CHECK (octet_length(sites_blob) = 32),
    analysed_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (file_id, analyzer_version, capi_version)
);
COMMENT ON TABLE reports IS 'What one analyzer with one version of the C-API data said about one file.';
COMMENT ON COLUMN reports.id IS 'Row id.';
COMMENT ON COLUMN reports.file_id IS 'The file.';
COMMENT ON COLUMN reports.analyzer_version IS 'Version of the rules.';
COMMENT ON COLUMN reports.capi_version IS 'Version of the C-API data.';
COMMENT ON COLUMN reports.schema_version IS 'Version of the report''s shape.';
COMMENT ON COLUMN reports.digest IS 'SHA-256 of the report without its versions: equal digests say the same.';
COMMENT ON COLUMN reports.tree IS 'What the archive held.';
COMMENT ON COLUMN reports.tools IS 'Tools seen in the sources.';
COMMENT ON COLUMN reports.problems IS 'What could not be read or told.';
COMMENT ON COLUMN reports.unresolved IS 'Accesses to ambiguous member names, by member name.';
COMMENT ON COLUMN reports.structures IS 'How often each structure is touched.';
COMMENT ON COLUMN reports.native_files IS 'Native source files in the archive; 0: no native source.';
COMMENT ON COLUMN reports.floor IS 'The lowest target from which every later one has no blocker.';
COMMENT ON COLUMN reports.paths IS 'Files with sites; uses.first_file counts in it from 0.';
COMMENT ON COLUMN reports.sites_blob IS 'Key of the blob with all sites and their source lines.';
COMMENT ON COLUMN reports.analysed_at IS 'When it was first stored.';

CREATE TABLE verdicts (
    report_id integer NOT NULL REFERENCES reports ON DELETE CASCADE,
    target text NOT NULL CHECK (target ~ '^abi3t?-3[.][0-9]+$'),
    verdict text NOT NULL CHECK (verdict IN ('no-blocker', 'blocked', 'tool-blocks', 'undecided', 'pure')),
    blockers integer NOT NULL,
    blocking text[] NOT NULL,
    blocking_members text[] NOT NULL,
    blocking_types text[] NOT NULL,
    undecided jsonb NOT NULL,
    PRIMARY KEY (report_id, target)
);
COMMENT ON TABLE verdicts IS 'What a report means for each target. The key leads with the report, so that the table can be partitioned by it.';
COMMENT ON COLUMN verdicts.report_id IS 'The report it follows from.';
COMMENT ON COLUMN verdicts.target IS 'abi3-3.2 to abi3-3.15, abi3t-3.15.';
COMMENT ON COLUMN verdicts.verdict IS 'The answer.';
COMMENT ON COLUMN verdicts.blockers IS 'How many items block, of all three lists.';
COMMENT ON COLUMN verdicts.blocking IS 'Identifiers that the target hides.';
COMMENT ON COLUMN verdicts.blocking_members IS 'Members that the target hides, as Structure.member.';
COMMENT ON COLUMN verdicts.blocking_types IS 'Variables that are static types.';
COMMENT ON COLUMN verdicts.undecided IS 'Open questions with their counts.';

CREATE TABLE uses (
    report_id integer NOT NULL REFERENCES reports ON DELETE CASCADE,
    item_id integer NOT NULL,
    origin_id integer NOT NULL,
    condition_id integer NOT NULL,
    sites integer NOT NULL CHECK (sites > 0),
    first_file integer NOT NULL CHECK (first_file >= 0),
    first_line integer NOT NULL CHECK (first_line > 0),
    access smallint NOT NULL CHECK (access BETWEEN 0 AND 31),
    probable boolean NOT NULL,
    PRIMARY KEY (report_id, item_id, access, origin_id, condition_id, probable)
);
CREATE INDEX uses_by_item ON uses (item_id, report_id);
COMMENT ON TABLE uses IS 'An item used in one way by one file: the unit of counting. The key leads with the report, so that the table can be partitioned by it.';
COMMENT ON COLUMN uses.report_id IS 'The report that found it.';
COMMENT ON COLUMN uses.item_id IS 'Row of items.';
COMMENT ON COLUMN uses.origin_id IS 'Row of origins.';
COMMENT ON COLUMN uses.condition_id IS 'Row of conditions.';
COMMENT ON COLUMN uses.sites IS 'How many sites.';
COMMENT ON COLUMN uses.first_file IS 'File of the first site, counted in reports.paths from 0.';
COMMENT ON COLUMN uses.first_line IS 'Its line, from 1.';
COMMENT ON COLUMN uses.access IS 'How it is touched: 1 read, 2 write, 4 address, 8 init, 16 offset, added up; 0: not an access.';
COMMENT ON COLUMN uses.probable IS 'The type is not proven, but the name is distinctive.';

CREATE FUNCTION standing(of_analyzer text, of_capi text) RETURNS TABLE (
    project_id bigint, name text, display_name text, project_state text, project_reason text,
    release_id bigint, version text, release_state text, release_reason text, uploaded_at timestamptz,
    file_id bigint, file_state text, file_reason text, fetched_at timestamptz,
    report_id integer, native_files bigint, floor text, paths text[]
) LANGUAGE sql STABLE AS $$
    SELECT p.id, p.name, p.display_name, p.state, p.reason,
           r.id, r.version, r.state, r.reason, r.uploaded_at,
           f.id, f.state, f.reason, f.fetched_at,
           rep.id, rep.native_files, rep.floor, rep.paths
    FROM projects p
    LEFT JOIN releases r ON r.project_id = p.id AND r.standing
    LEFT JOIN files f ON f.release_id = r.id AND f.selected AND r.state = 'selected'
    LEFT JOIN reports rep ON rep.file_id = f.id AND f.state = 'analysed'
        AND rep.analyzer_version = $1 AND rep.capi_version = $2
$$;
COMMENT ON FUNCTION standing IS 'Each project once, by the release that stands for it: that release''s selected sdist, and its report of this analyzer and C-API data, where there are any. Plain SQL, so that the planner sees through it.';
