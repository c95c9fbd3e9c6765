-- What was seen of projects, releases and files, and when; and what trends need of a report. Only adds: a program of before
-- runs on beside it, and triggers note what it sees.

INSERT INTO schema_versions (version, abiscope_version) VALUES (15, '0.1.0');

ALTER TABLE projects ADD COLUMN first_seen_at timestamptz NOT NULL DEFAULT now();
ALTER TABLE releases ADD COLUMN first_seen_at timestamptz NOT NULL DEFAULT now();
ALTER TABLE files ADD COLUMN first_seen_at timestamptz NOT NULL DEFAULT now();
COMMENT ON COLUMN projects.first_seen_at IS 'When the survey heard of it first.';
COMMENT ON COLUMN releases.first_seen_at IS 'When a page listed it first.';
COMMENT ON COLUMN files.first_seen_at IS 'When a page listed it first.';
-- No earlier day is known of what is here already than that on which its page was read.
UPDATE projects SET first_seen_at = read_at;

CREATE TABLE seen_changes (
    id bigint GENERATED ALWAYS AS IDENTITY (START WITH 90000) PRIMARY KEY,
    project_id bigint NOT NULL REFERENCES projects,
    release_id bigint REFERENCES releases,
    file_id bigint REFERENCES files,
    what text NOT NULL CHECK (what IN ('project-state', 'release-yanked', 'release-gone', 'file-gone')),
    value text NOT NULL,
    seen_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX seen_changes_by_project ON seen_changes (project_id);
CREATE INDEX seen_changes_by_seen_at ON seen_changes (seen_at);
COMMENT ON TABLE seen_changes IS 'Each change that was seen of what has no time of its own, one row each, never changed. What is not here was never so while the survey looked. Not in the digest: when one looks is no property of what is seen.';
COMMENT ON COLUMN seen_changes.id IS 'Row id: of two changes in one moment the later one has the higher.';
COMMENT ON COLUMN seen_changes.project_id IS 'Of which project.';
COMMENT ON COLUMN seen_changes.release_id IS 'Of which release; null: of the project.';
COMMENT ON COLUMN seen_changes.file_id IS 'Of which file; null: of the project or the release.';
COMMENT ON COLUMN seen_changes.what IS 'What changed: the project''s state, whether all files of the release are yanked, whether the release or the file is gone from its page.';
COMMENT ON COLUMN seen_changes.value IS 'What it is since then: a state, true or false.';
COMMENT ON COLUMN seen_changes.seen_at IS 'When that was seen; it may have been so before.';

CREATE FUNCTION project_change_seen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO seen_changes (project_id, what, value) VALUES (NEW.id, 'project-state', NEW.state);
    RETURN NULL;
END $$;
COMMENT ON FUNCTION project_change_seen IS 'Notes a project''s state.';
CREATE TRIGGER project_appeared AFTER INSERT ON projects
    FOR EACH ROW WHEN (NEW.state <> 'listed') EXECUTE FUNCTION project_change_seen();
CREATE TRIGGER project_changed AFTER UPDATE OF state ON projects
    FOR EACH ROW WHEN (NEW.state <> OLD.state) EXECUTE FUNCTION project_change_seen();

CREATE FUNCTION release_change_seen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO seen_changes (project_id, release_id, what, value)
    SELECT NEW.project_id, NEW.id, change.what, change.value
    FROM (VALUES ('release-yanked', NEW.yanked::text, CASE WHEN TG_OP = 'UPDATE' THEN OLD.yanked ELSE false END <> NEW.yanked),
        ('release-gone', (NOT NEW.listed)::text, CASE WHEN TG_OP = 'UPDATE' THEN OLD.listed ELSE true END <> NEW.listed))
        AS change (what, value, is_new)
    WHERE change.is_new;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION release_change_seen IS 'Notes that a release was yanked or went, or the reverse.';
CREATE TRIGGER release_appeared AFTER INSERT ON releases
    FOR EACH ROW WHEN (NEW.yanked OR NOT NEW.listed) EXECUTE FUNCTION release_change_seen();
CREATE TRIGGER release_changed AFTER UPDATE OF yanked, listed ON releases
    FOR EACH ROW WHEN (NEW.yanked <> OLD.yanked OR NEW.listed <> OLD.listed) EXECUTE FUNCTION release_change_seen();

CREATE FUNCTION file_change_seen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO seen_changes (project_id, release_id, file_id, what, value)
    SELECT r.project_id, r.id, NEW.id, 'file-gone', (NOT NEW.listed)::text FROM releases r WHERE r.id = NEW.release_id;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION file_change_seen IS 'Notes that a file went from its page, or came back.';
CREATE TRIGGER file_changed AFTER UPDATE OF listed ON files
    FOR EACH ROW WHEN (NEW.listed <> OLD.listed) EXECUTE FUNCTION file_change_seen();

-- What is so already was seen on the day that the page was read last.
INSERT INTO seen_changes (project_id, what, value, seen_at)
SELECT id, 'project-state', state, read_at FROM projects WHERE state <> 'listed';
INSERT INTO seen_changes (project_id, release_id, what, value, seen_at)
SELECT p.id, r.id, 'release-yanked', 'true', p.read_at FROM releases r JOIN projects p ON p.id = r.project_id WHERE r.yanked;
INSERT INTO seen_changes (project_id, release_id, what, value, seen_at)
SELECT p.id, r.id, 'release-gone', 'true', p.read_at FROM releases r JOIN projects p ON p.id = r.project_id WHERE NOT r.listed;
INSERT INTO seen_changes (project_id, release_id, file_id, what, value, seen_at)
SELECT p.id, r.id, f.id, 'file-gone', 'true', p.read_at
FROM files f JOIN releases r ON r.id = f.release_id JOIN projects p ON p.id = r.project_id WHERE NOT f.listed;

CREATE TABLE report_facts (
    report_id integer PRIMARY KEY REFERENCES reports ON DELETE CASCADE,
    definition smallint NOT NULL,
    is_native boolean NOT NULL,
    outcomes text NOT NULL,
    declared smallint NOT NULL,
    toolchains integer NOT NULL,
    structures text[] NOT NULL,
    removed integer NOT NULL,
    deprecated integer NOT NULL,
    items bytea NOT NULL
);
COMMENT ON TABLE report_facts IS 'What trends need of a report, in little room: derived from it, and derived again when the definition is another one. Not in the digest.';
COMMENT ON COLUMN report_facts.report_id IS 'The report.';
COMMENT ON COLUMN report_facts.definition IS 'Number of the rules that it was derived by.';
COMMENT ON COLUMN report_facts.is_native IS 'The sdist has native source.';
COMMENT ON COLUMN report_facts.outcomes IS 'A letter for each target in their order: n no-blocker, b blocked, t tool-blocks, u undecided, p pure, - none.';
COMMENT ON COLUMN report_facts.declared IS 'Stable ABIs that the project declares: 1 abi3, 2 abi3t, added up.';
COMMENT ON COLUMN report_facts.toolchains IS 'What it is made with, as bits.';
COMMENT ON COLUMN report_facts.structures IS 'Structures that its code touches itself.';
COMMENT ON COLUMN report_facts.removed IS 'Minor versions of CPython 3 that remove what they would compile of it, as bits.';
COMMENT ON COLUMN report_facts.deprecated IS 'Minor versions of CPython 3 that deprecate what they would compile of it, as bits.';
COMMENT ON COLUMN report_facts.items IS 'Ids of the names of CPython that its code uses, tests and documents apart: ascending, as differences (LEB128).';

-- Which projects a day's work was about.
CREATE INDEX report_versions_by_said_at ON report_versions (said_at);
