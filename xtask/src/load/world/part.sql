-- Uses and verdicts of a part of the projects (load.part, as 0/2), a batch at a time, in the order of their reports as
-- they would have come.

CREATE TEMPORARY TABLE chosen (
    n bigint, item_id integer, is_member boolean, is_type boolean, name text, mask integer, ways integer, sites float8, births integer, deaths integer
);
CREATE TEMPORARY TABLE origin_of (id integer, below float8);
INSERT INTO origin_of
SELECT o.id, sum(w.uses) OVER (ORDER BY o.id) / sum(w.uses) OVER ()::float8
FROM load_words w JOIN origins o ON o.class = w.word AND o.by = w.by WHERE w.of = 'origin';
ANALYZE origin_of;

DO $$
DECLARE
    r CONSTANT integer := current_setting('load.releases');
    part CONSTANT integer := split_part(current_setting('load.part'), '/', 1);
    parts CONSTANT integer := split_part(current_setting('load.part'), '/', 2);
    conditions CONSTANT integer := (SELECT count(*) FROM conditions);
    always CONSTANT integer := (SELECT id FROM conditions WHERE condition = 'always');
    first_condition CONSTANT integer := (SELECT min(id) FROM conditions);
    -- For each thousandth, the origin that it falls on.
    origins CONSTANT integer[] := ARRAY(SELECT (SELECT id FROM origin_of WHERE below >= k / 1000.0 ORDER BY id LIMIT 1) FROM generate_series(1, 1000) k);
    batch CONSTANT integer := 20;
BEGIN
    FOR batch_start IN part * batch .. current_setting('load.projects')::integer - 1 BY parts * batch LOOP
        -- An item is there from the first release to the last, but one in seven comes later and one in ten goes earlier.
        INSERT INTO chosen
        SELECT p.n, i.item_id, i.kind = 'member', false, i.name, i.mask,
            least(greatest(round(i.ways * p.ways_scale * (0.5 + load_chance(p.n, 20000 + i.rank))), 1), conditions), i.sites,
            CASE WHEN load_chance(p.n, 30000 + i.rank) < 0.14 THEN 1 + floor(load_chance(p.n, 40000 + i.rank) * r) ELSE 1 END,
            CASE WHEN load_chance(p.n, 50000 + i.rank) < 0.1 THEN 1 + floor(load_chance(p.n, 60000 + i.rank) * r) ELSE r END
        FROM load_projects p, load_items i
        WHERE p.n BETWEEN batch_start AND batch_start + batch - 1 AND load_chance(p.n, 10000 + i.rank) < p.first_chance * i.weight
        UNION ALL
        SELECT p.n, 1000000 + p.n * 200 + k, false, true, replace(p.name, '-', '_') || '_Type' || k, 32767, 1, 3, 1, r
        FROM load_projects p, generate_series(0, p.own_names - 1) k WHERE p.n BETWEEN batch_start AND batch_start + batch - 1;

        INSERT INTO uses (report_id, item_id, origin_id, condition_id, sites, first_file, first_line, access, probable)
        SELECT 1000000 + p.n * r + j, c.item_id, origins[1 + floor(load_chance(c.item_id * 1000::bigint + k, p.n) * 1000)::integer],
            CASE WHEN k = 1 THEN always ELSE first_condition + (c.item_id + k) % conditions END,
            1 + floor(-ln(1 - load_chance(p.n * 100000 + k, c.item_id)) * c.sites)::integer + (j * c.item_id) % 17 / 16,
            (c.item_id + k) % greatest(p.paths, 1), 1 + (c.item_id * 31 + k * 7) % 4000,
            CASE WHEN c.is_member THEN (ARRAY[1, 2, 3, 4])[1 + k % 4] ELSE 0 END, false
        FROM load_projects p, generate_series(1, r) j, chosen c, generate_series(1, c.ways) k
        WHERE p.n BETWEEN batch_start AND batch_start + batch - 1 AND c.n = p.n AND j BETWEEN c.births AND c.deaths
          AND NOT (k > 1 AND first_condition + (c.item_id + k) % conditions = always)
        ORDER BY 1, 2;

        INSERT INTO verdicts (report_id, target, verdict, blockers, blocking, blocking_members, blocking_types, undecided)
        SELECT 1000000 + p.n * r + j, t.target,
            CASE WHEN b.blockers = 0 AND p.n % 3 > 0 THEN 'no-blocker' WHEN b.blockers = 0 THEN 'undecided'
                WHEN p.n % 29 = 0 THEN 'tool-blocks' ELSE 'blocked' END,
            b.blockers, b.names, b.members, b.types,
            CASE WHEN b.blockers = 0 AND p.n % 3 = 0 THEN '[{"reason": "generated-at-build", "count": 1}]' ELSE '[]' END::jsonb
        FROM load_projects p, generate_series(1, r) j, load_targets t, LATERAL (
            SELECT count(*)::integer AS blockers,
                coalesce(array_agg(c.name ORDER BY c.name) FILTER (WHERE NOT c.is_member AND NOT c.is_type), '{}') AS names,
                coalesce(array_agg(c.name ORDER BY c.name) FILTER (WHERE c.is_member), '{}') AS members,
                coalesce(array_agg(c.name ORDER BY c.name) FILTER (WHERE c.is_type), '{}') AS types
            FROM chosen c WHERE c.n = p.n AND c.mask & (1 << t.t) > 0 AND j BETWEEN c.births AND c.deaths
        ) b
        WHERE p.n BETWEEN batch_start AND batch_start + batch - 1;
        TRUNCATE chosen;
    END LOOP;
END $$;
