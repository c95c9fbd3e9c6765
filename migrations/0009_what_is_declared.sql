-- What a project says about the stable ABI. Only adds: a program of before writes none, and its reports are those of an
-- analyzer that read none.

INSERT INTO schema_versions (version, abiscope_version) VALUES (9, '0.1.0');

ALTER TABLE reports ADD COLUMN declarations jsonb NOT NULL DEFAULT '[]';
COMMENT ON COLUMN reports.declarations IS 'What the project says about the stable ABI, each with its place; contradictions follow from these, the verdicts and the wheels.';
