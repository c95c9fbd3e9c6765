SELECT format('%s projects of %s releases, seed %s: %s files, about %s uses, %s items, %s verdicts; %s MB', m.projects, m.releases, m.seed,
    (SELECT count(*) FROM files), (SELECT reltuples::bigint FROM pg_class WHERE oid = 'uses'::regclass),
    (SELECT count(*) FROM items), (SELECT reltuples::bigint FROM pg_class WHERE oid = 'verdicts'::regclass),
    pg_database_size(current_database()) / 1000000)
FROM load_made m
