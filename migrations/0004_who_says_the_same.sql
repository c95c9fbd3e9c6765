-- Analyzer versions that say the same share one report; raw archives may be dropped once packed; and what retention
-- and re-analysis look for has an index. Only adds: a program of before runs on beside it.

INSERT INTO schema_versions (version, abiscope_version) VALUES (4, '0.1.0');

CREATE TABLE report_versions (
    file_id bigint NOT NULL REFERENCES files,
    analyzer_version text NOT NULL,
    capi_version text NOT NULL,
    report_id integer NOT NULL REFERENCES reports ON DELETE CASCADE,
    said_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (file_id, analyzer_version, capi_version)
);
CREATE INDEX report_versions_of_report ON report_versions (report_id);
COMMENT ON TABLE report_versions IS 'Which report is the answer of which analyzer and C-API data: a new version that says the same as the one before adds a row here and no report.';
COMMENT ON COLUMN report_versions.file_id IS 'The file.';
COMMENT ON COLUMN report_versions.analyzer_version IS 'Version of the rules that gave the answer.';
COMMENT ON COLUMN report_versions.capi_version IS 'Version of the C-API data that it was given with.';
COMMENT ON COLUMN report_versions.report_id IS 'The answer; its own versions are those that gave it first.';
COMMENT ON COLUMN report_versions.said_at IS 'When this version gave it.';
INSERT INTO report_versions (file_id, analyzer_version, capi_version, report_id, said_at)
SELECT file_id, analyzer_version, capi_version, id, analysed_at FROM reports;

-- A trigger, because programs of before insert reports and know nothing of this table.
CREATE FUNCTION report_answers_for_its_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO report_versions (file_id, analyzer_version, capi_version, report_id)
    VALUES (NEW.file_id, NEW.analyzer_version, NEW.capi_version, NEW.id)
    ON CONFLICT (file_id, analyzer_version, capi_version)
        DO UPDATE SET report_id = excluded.report_id, said_at = excluded.said_at;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION report_answers_for_its_version IS 'Every report is the answer of the version that made it.';
CREATE TRIGGER report_answers AFTER INSERT ON reports
    FOR EACH ROW EXECUTE FUNCTION report_answers_for_its_version();

CREATE FUNCTION version_key(version text) RETURNS integer[] LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN $1 ~ '^[0-9]{1,9}([.-][0-9]{1,9})*$' THEN regexp_split_to_array($1, '[.-]')::integer[] END
$$;
COMMENT ON FUNCTION version_key IS 'The numbers of a version of ours, to compare by; null for any other text.';

CREATE TABLE kept_reports (
    report_id integer NOT NULL REFERENCES reports,
    kept_by text NOT NULL,
    PRIMARY KEY (report_id, kept_by)
);
COMMENT ON TABLE kept_reports IS 'Reports that something frozen names, a snapshot or a proposal: retention never removes them, and no other hand can.';
COMMENT ON COLUMN kept_reports.report_id IS 'The report.';
COMMENT ON COLUMN kept_reports.kept_by IS 'What names it, such as snapshot:2026-11.';

ALTER TABLE files
    ADD COLUMN archive_dropped_at timestamptz,
    ADD COLUMN failed_by text;
COMMENT ON COLUMN files.archive_dropped_at IS 'When the raw archive was dropped because its source pack holds all that is read of it; null: it is stored if fetched_at says so.';
COMMENT ON COLUMN files.failed_by IS 'Versions of analyzer and C-API data that failed on the file, in the state analyzer-failed: a newer one tries again.';

-- Who names a blob: asked for every blob that a sweep sees.
CREATE INDEX files_archive ON files (sha256) WHERE fetched_at IS NOT NULL;
CREATE INDEX files_pack ON files (pack_blob) WHERE pack_blob IS NOT NULL;
CREATE INDEX reports_sites ON reports (sites_blob);
-- What a new analyzer reads again, in the order of its going through.
CREATE INDEX files_read ON files (id) WHERE state IN ('analysed', 'analyzer-failed');

CREATE OR REPLACE FUNCTION standing(of_analyzer text, of_capi text) RETURNS TABLE (
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
    LEFT JOIN report_versions said ON said.file_id = f.id AND f.state = 'analysed'
        AND said.analyzer_version = $1 AND said.capi_version = $2
    LEFT JOIN reports rep ON rep.id = said.report_id
$$;
