-- The index of source search. Only adds: a program of before runs on beside it, but its upkeep takes the blobs of the index
-- for orphans; what it takes away is made again.

INSERT INTO schema_versions (version, abiscope_version) VALUES (14, '0.1.0');

CREATE TABLE search_segments (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    blob bytea NOT NULL CHECK (octet_length(blob) = 32),
    bytes bigint NOT NULL,
    source_bytes bigint NOT NULL,
    made_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE search_segments IS 'Indexes of source search, each of many source packs. Not in the digest: they follow from the packs, and can be made again.';
COMMENT ON COLUMN search_segments.id IS 'Its number.';
COMMENT ON COLUMN search_segments.blob IS 'Key of the blob that says which trigrams are in which units.';
COMMENT ON COLUMN search_segments.bytes IS 'Bytes of the blob.';
COMMENT ON COLUMN search_segments.source_bytes IS 'Bytes of native source that it is of.';
COMMENT ON COLUMN search_segments.made_at IS 'When it was made.';
CREATE INDEX search_segments_blob ON search_segments (blob);

CREATE TABLE search_packs (
    pack_blob bytea PRIMARY KEY CHECK (octet_length(pack_blob) = 32),
    segment_id integer NOT NULL REFERENCES search_segments ON DELETE CASCADE,
    first_unit integer NOT NULL,
    units integer NOT NULL
);
COMMENT ON TABLE search_packs IS 'Which source pack is in which index. A pack that is not here is searched all the same, from end to end.';
COMMENT ON COLUMN search_packs.pack_blob IS 'Key of the source pack.';
COMMENT ON COLUMN search_packs.segment_id IS 'The index.';
COMMENT ON COLUMN search_packs.first_unit IS 'The unit of the index that is the first frame of the pack.';
COMMENT ON COLUMN search_packs.units IS 'Frames of the pack.';
CREATE INDEX search_packs_segment ON search_packs (segment_id);
