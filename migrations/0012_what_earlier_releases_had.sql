-- What only earlier releases had, counted once for each project. Only adds: a program of before never looks here.

INSERT INTO schema_versions (version, abiscope_version) VALUES (12, '0.1.0');

CREATE TABLE project_past (
    project_id bigint PRIMARY KEY REFERENCES projects,
    reports integer[] NOT NULL,
    items integer[] NOT NULL,
    conditions integer[] NOT NULL,
    last integer[] NOT NULL,
    CHECK (cardinality(items) = cardinality(conditions) AND cardinality(items) = cardinality(last))
);
COMMENT ON TABLE project_past IS 'Uses in code that counts which earlier releases of a project had and the one that stands for it has not. Derived from uses, and derived again when the reports are others.';
COMMENT ON COLUMN project_past.project_id IS 'The project.';
COMMENT ON COLUMN project_past.reports IS 'The reports that it was derived from, oldest release first, the standing one last; 0 in its place if that was not read.';
COMMENT ON COLUMN project_past.items IS 'For each such use its item.';
COMMENT ON COLUMN project_past.conditions IS 'For each its condition.';
COMMENT ON COLUMN project_past.last IS 'For each the last release that had it, by its place in reports from 0.';
