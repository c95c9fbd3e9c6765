-- Releases whose sources are the same share one report. Only adds: a program of before runs on beside it, and analyses
-- each release for itself.

INSERT INTO schema_versions (version, abiscope_version) VALUES (18, '0.1.0');

ALTER TABLE reports ADD COLUMN fingerprint bytea CHECK (octet_length(fingerprint) = 16);
COMMENT ON COLUMN reports.fingerprint IS 'A hash over all that the report follows from: another release of the project with the same one has the same report. Null: made by a program that did not know it.';

COMMENT ON COLUMN report_facts.structures IS 'Structures that its code touches itself, with who wrote that code: PyTypeObject:own.';

ALTER TABLE report_versions ADD COLUMN tree jsonb;
COMMENT ON COLUMN report_versions.tree IS 'What the archive of this file held, where the report is one of another release with the same sources; null: as the report says.';
COMMENT ON COLUMN report_versions.report_id IS 'The answer, given first about this file, or about another release of the project with the same sources; its own versions are those that gave it first.';
