-- Indexes, as the migrations have them, and what a server that has run for a while knows.

ALTER TABLE uses ADD CONSTRAINT uses_pkey PRIMARY KEY (report_id, item_id, access, origin_id, condition_id, probable);
CREATE INDEX uses_by_item ON uses (item_id, report_id);
ALTER TABLE verdicts ADD CONSTRAINT verdicts_pkey PRIMARY KEY (report_id, target);
UPDATE reports r SET floor = 'abi3-3.2'
WHERE NOT EXISTS (SELECT FROM verdicts v WHERE v.report_id = r.id AND v.verdict <> 'no-blocker');
UPDATE data_changes SET changes = 1, changed_at = now() WHERE slot = 0;
INSERT INTO load_made SELECT current_setting('load.projects')::bigint, current_setting('load.releases')::bigint, current_setting('load.seed')::bigint;
DROP TABLE load_releases, load_projects, load_items, load_packages, load_words, load_targets;
