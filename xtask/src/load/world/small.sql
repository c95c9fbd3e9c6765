-- Everything but uses and verdicts; all was found out yesterday or before: it is not news. Ids follow from the number n of
-- a project and the number j of its release, so that no row is looked up: releases 1000000 + n * releases + j, reports and
-- sdists the same.

INSERT INTO items (kind, name) SELECT kind, name FROM load_items ORDER BY rank;
UPDATE load_items l SET item_id = i.id FROM items i WHERE i.name = l.name AND i.kind = l.kind;
INSERT INTO origins (class, by) SELECT word, by FROM load_words WHERE of = 'origin' ORDER BY uses DESC, word, by;
INSERT INTO conditions (condition) SELECT word FROM load_words WHERE of = 'condition' ORDER BY uses DESC, word;

-- Targets in the order of their numbers; bit t of a mask stands for the target at place t.
CREATE UNLOGGED TABLE load_targets AS
SELECT t::integer, CASE WHEN t < 14 THEN 'abi3-3.' || 2 + t ELSE 'abi3t-3.15' END AS target FROM generate_series(0, 14) t;
UPDATE load_items l SET mask = CASE WHEN blocks = 'all' THEN 32767 ELSE coalesce(
    (SELECT sum(1 << t) FROM load_targets t WHERE t.target = ANY (string_to_array(l.blocks, ','))), 0) END;

-- Each project is like one of the real packages, by chance. Static types have names of their own.
CREATE UNLOGGED TABLE load_projects AS
SELECT g.n, words[1 + g.n % cardinality(words)] || '-' || g.n AS name, p.n AS like_n, p.first_chance,
    greatest(p.uses - p.own_names, 1)::float8 / (
        SELECT sum(least(1, p.first_chance * weight) * ways) FROM load_items) AS ways_scale,
    least(p.own_names, 200) AS own_names, p.paths
FROM generate_series(0, current_setting('load.projects')::bigint - 1) AS g (n),
    string_to_array(current_setting('load.words'), ',') words,
    (SELECT count(*) AS of FROM load_packages) packages,
    load_packages p
WHERE p.n = floor(load_chance(g.n, 1) * packages.of)::integer;
ALTER TABLE load_projects ADD PRIMARY KEY (n);
INSERT INTO items (id, kind, name) OVERRIDING SYSTEM VALUE
SELECT 1000000 + n * 200 + k, 'static-type', replace(name, '-', '_') || '_Type' || k
FROM load_projects, generate_series(0, own_names - 1) k;

INSERT INTO projects (id, name, display_name, state, serial, read_at) OVERRIDING SYSTEM VALUE
SELECT 1000000 + n, name, name, 'listed', n, now() - load_chance(n, 2) * interval '20 days' FROM load_projects;
INSERT INTO index_names (name, display_name, serial) SELECT name, name, n FROM load_projects;

CREATE UNLOGGED TABLE load_releases AS
SELECT n, j, 1000000 + n * r + j AS id, like_n, name, j || '.0' AS version, j = r AS is_last,
    timestamptz '2026-11-01' - (r - j) * interval '90 days' - load_chance(n, 3) * interval '900 days' AS uploaded_at
FROM load_projects, (SELECT current_setting('load.releases')::bigint) AS of (r), generate_series(1, r) j;
INSERT INTO releases (id, project_id, version, position, latest, standing, prerelease, yanked, requires_python, uploaded_at, state)
OVERRIDING SYSTEM VALUE
SELECT id, 1000000 + n, version, j - 1, is_last, is_last, false, false, '>=3.9', uploaded_at, 'selected' FROM load_releases;
INSERT INTO files (id, release_id, filename, kind, url, sha256, size, uploaded_at, selected, state, fetched_at) OVERRIDING SYSTEM VALUE
SELECT id, id, name || '-' || version || '.tar.gz', 'sdist', 'https://files.example/' || id, sha256(int8send(id)), 100000,
    uploaded_at, true, 'analysed', now() - interval '1 day'
FROM load_releases;
-- Wheels are numbered beyond the sdists.
ALTER TABLE files ALTER COLUMN id RESTART WITH 100000000;
-- The last release has all the wheels of the package it is like, those before it eight.
INSERT INTO files (release_id, filename, kind, detail, url, sha256, size, uploaded_at)
SELECT r.id, r.name || '-' || r.version || '-' || w.tags || '.whl', 'wheel', w.tags, 'https://files.example/' || r.id || w.nth,
    sha256(int8send(r.id * 1000 + w.nth)), 100000, r.uploaded_at
FROM load_releases r JOIN load_packages p ON p.n = r.like_n,
    string_to_table(p.wheels, ',') WITH ORDINALITY w (tags, nth)
WHERE r.is_last OR w.nth <= 8;
INSERT INTO reports (id, file_id, analyzer_version, capi_version, schema_version, digest, tree, tools, problems, unresolved,
    structures, native_files, floor, paths, sites_blob, declarations) OVERRIDING SYSTEM VALUE
SELECT r.id, r.id, current_setting('load.analyzer'), current_setting('load.capi'), 1, sha256(int8send(r.id)), p.tree, p.tools,
    p.problems, p.unresolved, p.structures, greatest(p.native_files, 1), NULL,
    ARRAY(SELECT 'src/' || r.name || '/module' || k || '.c' FROM generate_series(1, greatest(p.paths, 1)) k),
    sha256(int8send(r.id)), p.declarations
FROM load_releases r JOIN load_packages p ON p.n = r.like_n;
INSERT INTO report_versions (file_id, analyzer_version, capi_version, report_id, said_at)
SELECT id, current_setting('load.analyzer'), current_setting('load.capi'), id, now() - interval '1 day' FROM load_releases;

-- Readers see no difference, and making it writes half as much.
ALTER TABLE uses DROP CONSTRAINT uses_pkey, SET UNLOGGED;
DROP INDEX uses_by_item;
ALTER TABLE verdicts DROP CONSTRAINT verdicts_pkey, SET UNLOGGED;
ANALYZE load_items, load_projects;
