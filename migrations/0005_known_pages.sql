-- What is known of a project's page as it was last recorded, so that a page that says nothing new writes nothing; and of
-- the index as a whole.

INSERT INTO schema_versions (version, abiscope_version) VALUES (5, '0.1.0');

ALTER TABLE projects
    ADD COLUMN page_digest bytea CHECK (octet_length(page_digest) = 32),
    ADD COLUMN emptied_at timestamptz;
COMMENT ON COLUMN projects.page_digest IS 'Hash of what the recorded page said and of what was asked; an equal one means that recording it again changes nothing.';
COMMENT ON COLUMN projects.emptied_at IS 'When the page was first seen without the files that are recorded, as long as that is not believed.';

CREATE TABLE file_hosts (
    index text NOT NULL,
    host text NOT NULL,
    PRIMARY KEY (index, host)
);
COMMENT ON TABLE file_hosts IS 'The hosts beyond the index''s own that files may come from: learned from its first good page, or given by the operator.';
COMMENT ON COLUMN file_hosts.index IS 'The index, without user and password.';
COMMENT ON COLUMN file_hosts.host IS 'A host name.';
