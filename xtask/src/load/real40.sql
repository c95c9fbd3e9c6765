-- What the made world of `cargo xtask load` is like, out of a survey of the 40 packages of `corpus/packages.txt`:
--
--     abiscope survey --from corpus/packages.txt --serve     # in another terminal, then at the top of the repository
--     psql "$(its address)" -f xtask/src/load/real40.sql
--
-- To be run again when reports say more; the two files it writes are the model.

-- A package in a line: how large it is, and what its report holds beside uses and verdicts.
\copy (SELECT s.name, count(*) AS uses, count(DISTINCT u.item_id) FILTER (WHERE i.kind NOT IN ('static-type', 'module-def', 'export-hook')) AS items, count(DISTINCT u.item_id) FILTER (WHERE i.kind IN ('static-type', 'module-def', 'export-hook')) AS own_names, sum(u.sites) AS sites, rep.native_files, cardinality(rep.paths) AS paths, rep.tree, rep.tools, rep.problems, rep.unresolved, rep.structures, rep.declarations, (SELECT string_agg(f.detail, ',' ORDER BY f.filename) FROM files f WHERE f.release_id = s.release_id AND f.kind = 'wheel') AS wheels FROM standing((SELECT max(analyzer_version) FROM reports), (SELECT max(capi_version) FROM reports)) s JOIN reports rep ON rep.id = s.report_id JOIN uses u ON u.report_id = s.report_id JOIN items i ON i.id = u.item_id GROUP BY s.name, s.release_id, rep.id ORDER BY s.name) TO 'xtask/src/load/real40.tsv'

-- An item in a line, the best known first: in how many of the packages, in how many ways each, sites of a way, and the
-- targets that it blocks.
\copy (WITH now AS (SELECT report_id FROM standing((SELECT max(analyzer_version) FROM reports), (SELECT max(capi_version) FROM reports)) WHERE report_id IS NOT NULL), blocks AS (SELECT b.item, b.is_member, CASE WHEN count(DISTINCT b.target) = 15 THEN 'all' ELSE string_agg(DISTINCT b.target, ',') END AS targets FROM (SELECT v.target, unnest(v.blocking) AS item, false AS is_member FROM verdicts v JOIN now USING (report_id) UNION ALL SELECT v.target, unnest(v.blocking_members), true FROM verdicts v JOIN now USING (report_id)) b GROUP BY b.item, b.is_member) SELECT i.kind, i.name, count(DISTINCT u.report_id) AS packages, round(count(*)::numeric / count(DISTINCT u.report_id), 2) AS ways, round(avg(u.sites), 1) AS sites, coalesce(b.targets, '') AS blocks FROM now JOIN uses u USING (report_id) JOIN items i ON i.id = u.item_id LEFT JOIN blocks b ON b.item = i.name AND b.is_member = (i.kind = 'member') WHERE i.kind NOT IN ('static-type', 'module-def', 'export-hook') GROUP BY i.id, b.targets ORDER BY 3 DESC, 4 DESC, i.name COLLATE "C", i.kind) TO 'xtask/src/load/items40.tsv'

-- Origins, and the commonest conditions, with the number of uses that have them.
\copy (SELECT 'origin' AS of, o.class AS word, o.by, count(*) AS uses FROM uses u JOIN origins o ON o.id = u.origin_id GROUP BY o.id UNION ALL (SELECT 'condition', c.condition, '', count(*) FROM uses u JOIN conditions c ON c.id = u.condition_id GROUP BY c.id ORDER BY 4 DESC, 2 LIMIT 300) ORDER BY 1, 4 DESC, 2, 3) TO 'xtask/src/load/words40.tsv'
