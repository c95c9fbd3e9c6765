-- Snapshots: which file stood for each project on a day, frozen. Only adds: a program of before never looks here.

INSERT INTO schema_versions (version, abiscope_version) VALUES (17, '0.1.0');

CREATE TABLE snapshots (
    name text PRIMARY KEY CHECK (name ~ '^[a-z0-9][a-z0-9.-]{0,62}$'),
    on_day date NOT NULL,
    hash bytea NOT NULL CHECK (octet_length(hash) = 32),
    analyzer_version text NOT NULL,
    capi_version text NOT NULL,
    data_version bigint NOT NULL,
    corrects text REFERENCES snapshots,
    figures bytea NOT NULL,
    made_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE snapshots IS 'Named answers to the question which file stood for each project on a day. Rows are never changed and never deleted: a correction is a snapshot of its own. Not in the digest: they were decided, not found out.';
COMMENT ON COLUMN snapshots.name IS 'By which it is cited.';
COMMENT ON COLUMN snapshots.on_day IS 'The day, to its end.';
COMMENT ON COLUMN snapshots.hash IS 'Over its list: a line for each project in the order of names, with name, version and sha256 of the sdist in hexadecimal, tabs between.';
COMMENT ON COLUMN snapshots.analyzer_version IS 'Whose figures it holds.';
COMMENT ON COLUMN snapshots.capi_version IS 'With which data.';
COMMENT ON COLUMN snapshots.data_version IS 'What had been written when it was made.';
COMMENT ON COLUMN snapshots.corrects IS 'The snapshot that it takes the place of.';
COMMENT ON COLUMN snapshots.figures IS 'The series that reports of it show, as they were when it was made: JSON, zstd.';
COMMENT ON COLUMN snapshots.made_at IS 'When.';

CREATE TABLE snapshot_files (
    snapshot text NOT NULL REFERENCES snapshots,
    project_id bigint NOT NULL REFERENCES projects,
    release_id bigint NOT NULL REFERENCES releases,
    file_id bigint REFERENCES files,
    report_id integer REFERENCES reports,
    digest bytea CHECK (octet_length(digest) = 32),
    PRIMARY KEY (snapshot, project_id)
);
COMMENT ON TABLE snapshot_files IS 'The list of a snapshot.';
COMMENT ON COLUMN snapshot_files.snapshot IS 'Which.';
COMMENT ON COLUMN snapshot_files.project_id IS 'A project that was there.';
COMMENT ON COLUMN snapshot_files.release_id IS 'The release that stood for it.';
COMMENT ON COLUMN snapshot_files.file_id IS 'Its selected sdist; null: none was selected.';
COMMENT ON COLUMN snapshot_files.report_id IS 'The report that counts; null: it was not read.';
COMMENT ON COLUMN snapshot_files.digest IS 'The digest of that report, as it was.';
