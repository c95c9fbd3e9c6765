-- The model: real packages, items of the C API, origins and conditions. Tables of the world's own, beside the schema's.

CREATE UNLOGGED TABLE load_packages (
    n integer, first_chance float8, name text, uses integer, items integer, own_names integer, sites integer,
    native_files bigint, paths integer, tree jsonb, tools jsonb, problems jsonb, unresolved jsonb, structures jsonb,
    declarations jsonb, wheels text
);
CREATE UNLOGGED TABLE load_items (
    rank integer, weight float8, kind text, name text, ways float8, sites float8, blocks text,
    item_id integer, mask integer
);
CREATE UNLOGGED TABLE load_words (of text, word text, by text, uses integer);
CREATE TABLE load_made (projects bigint, releases bigint, seed bigint);

-- From 0 to below 1, the same for the same two numbers and seed.
CREATE FUNCTION load_chance(a bigint, b bigint) RETURNS float8 LANGUAGE sql STABLE AS $$
    SELECT (hashint8extended(a, hashint8extended(b, current_setting('load.seed')::bigint)) & 2147483647) / 2147483648.0
$$;
