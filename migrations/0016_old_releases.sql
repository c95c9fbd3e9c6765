-- Old releases that are read, too. Only adds: a program of before runs on beside it and reads none.

INSERT INTO schema_versions (version, abiscope_version) VALUES (16, '0.1.0');

CREATE TABLE history_policy (
    only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
    history text NOT NULL,
    set_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE history_policy IS 'Which old releases are read, too, by whoever reads a page. The crawl that looked at its index last decides; no row: none are.';
COMMENT ON COLUMN history_policy.only_one IS 'There is one policy.';
COMMENT ON COLUMN history_policy.history IS 'The policy, such as quarter since 2023-01-01.';
COMMENT ON COLUMN history_policy.set_at IS 'When it came to be as it is.';

ALTER TABLE projects ADD COLUMN history text;
COMMENT ON COLUMN projects.history IS 'The policy by which old releases were selected when its page was recorded last; null: none were. Where it differs from the one in force the project is due.';
