-- The crawl: what the index lists, how fast it may be asked, who is at work.
--
-- The queue's own tables are not here: the queue library brings its schema, `graphile_worker`, and migrates it itself;
-- `Store::migrate` runs both under one lock.

INSERT INTO schema_versions (version, abiscope_version) VALUES (2, '0.1.0');

CREATE TABLE index_names (
    name text PRIMARY KEY,
    display_name text NOT NULL,
    serial bigint,
    listed boolean NOT NULL DEFAULT true,
    first_listed_at timestamptz NOT NULL DEFAULT now(),
    changed_at timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 80);
COMMENT ON TABLE index_names IS 'Every name that an accepted listing of the index had. What a project is, its own page says: see projects.';
COMMENT ON COLUMN index_names.name IS 'Normalised name.';
COMMENT ON COLUMN index_names.display_name IS 'As the listing writes it.';
COMMENT ON COLUMN index_names.serial IS 'The project''s serial in the listing; null if the index gives none.';
COMMENT ON COLUMN index_names.listed IS 'It was in the last accepted listing. False alone says nothing: its page decides.';
COMMENT ON COLUMN index_names.first_listed_at IS 'When a listing first had it.';
COMMENT ON COLUMN index_names.changed_at IS 'When its serial last moved, or it came or went.';

CREATE UNLOGGED TABLE listing_stage (
    name text PRIMARY KEY,
    display_name text NOT NULL,
    serial bigint
);
COMMENT ON TABLE listing_stage IS 'A listing while it is read: filled, compared and emptied in one transaction, so nobody ever sees a row.';
COMMENT ON COLUMN listing_stage.name IS 'Normalised name.';
COMMENT ON COLUMN listing_stage.display_name IS 'As the listing writes it.';
COMMENT ON COLUMN listing_stage.serial IS 'The project''s serial, if the listing gives one.';

CREATE TABLE listings (
    id bigint GENERATED ALWAYS AS IDENTITY (START WITH 80000) PRIMARY KEY,
    index text NOT NULL,
    read_at timestamptz NOT NULL DEFAULT now(),
    last_serial bigint,
    names bigint NOT NULL,
    appeared bigint NOT NULL DEFAULT 0,
    changed bigint NOT NULL DEFAULT 0,
    gone bigint NOT NULL DEFAULT 0,
    refused text
);
COMMENT ON TABLE listings IS 'One row for each listing of the index that was read to its end or refused.';
COMMENT ON COLUMN listings.id IS 'Row id; the highest is the last one.';
COMMENT ON COLUMN listings.index IS 'The index it is of, without user and password.';
COMMENT ON COLUMN listings.read_at IS 'When.';
COMMENT ON COLUMN listings.last_serial IS 'The serial of the listing itself, if it gives one.';
COMMENT ON COLUMN listings.names IS 'Names in it.';
COMMENT ON COLUMN listings.appeared IS 'Names that were not listed before.';
COMMENT ON COLUMN listings.changed IS 'Names whose serial moved.';
COMMENT ON COLUMN listings.gone IS 'Names that were listed before and are not now.';
COMMENT ON COLUMN listings.refused IS 'Why nothing was changed by it; null: it was accepted.';

CREATE TABLE project_downloads (
    month date NOT NULL CHECK (extract(day FROM month) = 1),
    name text NOT NULL,
    rank integer NOT NULL CHECK (rank > 0),
    downloads bigint NOT NULL CHECK (downloads >= 0),
    PRIMARY KEY (month, name)
);
COMMENT ON TABLE project_downloads IS 'Download counts by month, from lists that the operator named. Weights are of a month, so that later figures can say which.';
COMMENT ON COLUMN project_downloads.month IS 'The first day of the list''s month.';
COMMENT ON COLUMN project_downloads.name IS 'Normalised name; the survey need not know the project yet.';
COMMENT ON COLUMN project_downloads.rank IS 'Place in the list, from 1.';
COMMENT ON COLUMN project_downloads.downloads IS 'Downloads, as the list says.';

CREATE TABLE alarms (
    kind text NOT NULL CHECK (kind IN ('file-content-changed', 'listing-refused')),
    subject text NOT NULL,
    detail text NOT NULL,
    times bigint NOT NULL DEFAULT 1,
    first_at timestamptz NOT NULL DEFAULT now(),
    last_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (kind, subject)
);
COMMENT ON TABLE alarms IS 'What a person should look at. Nothing depends on these rows; they may be deleted once seen.';
COMMENT ON COLUMN alarms.kind IS 'What happened.';
COMMENT ON COLUMN alarms.subject IS 'To what: project and file, or the index.';
COMMENT ON COLUMN alarms.detail IS 'The last occasion, in a sentence.';
COMMENT ON COLUMN alarms.times IS 'How often.';
COMMENT ON COLUMN alarms.first_at IS 'When first.';
COMMENT ON COLUMN alarms.last_at IS 'When last.';

CREATE TABLE request_budgets (
    index text PRIMARY KEY,
    spacing interval NOT NULL CHECK (spacing >= interval '0'),
    connections integer NOT NULL CHECK (connections > 0),
    next_at timestamptz NOT NULL DEFAULT '-infinity',
    blocked_until timestamptz NOT NULL DEFAULT '-infinity',
    requests bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 10);
COMMENT ON TABLE request_budgets IS 'How fast one index may be asked, by the whole deployment. All times are of this server''s clock.';
COMMENT ON COLUMN request_budgets.index IS 'The index, without user and password.';
COMMENT ON COLUMN request_budgets.spacing IS 'Time between two requests; 0: no limit.';
COMMENT ON COLUMN request_budgets.connections IS 'Connections that may be open at a time.';
COMMENT ON COLUMN request_budgets.next_at IS 'The next free slot: a request reserves it by moving it on.';
COMMENT ON COLUMN request_budgets.blocked_until IS 'The index asked for quiet until then (Retry-After).';
COMMENT ON COLUMN request_budgets.requests IS 'Slots reserved since the row was made.';

CREATE SEQUENCE connection_leases;
CREATE TABLE connection_slots (
    index text NOT NULL REFERENCES request_budgets ON DELETE CASCADE,
    slot integer NOT NULL,
    lease bigint NOT NULL DEFAULT 0,
    taken_until timestamptz NOT NULL DEFAULT '-infinity',
    PRIMARY KEY (index, slot)
) WITH (fillfactor = 50);
COMMENT ON TABLE connection_slots IS 'One row for each connection that may be open. A holder that died frees its slot by letting it expire.';
COMMENT ON COLUMN connection_slots.index IS 'The budget it belongs to.';
COMMENT ON COLUMN connection_slots.slot IS 'From 1; those above the budget''s connections are not given out.';
COMMENT ON COLUMN connection_slots.lease IS 'The holder; each taking has another one, so that a late release frees nobody else''s.';
COMMENT ON COLUMN connection_slots.taken_until IS 'Free after this.';

CREATE TABLE presences (
    id text PRIMARY KEY,
    role text NOT NULL,
    host text NOT NULL,
    version text NOT NULL,
    started_at timestamptz NOT NULL DEFAULT now(),
    seen_at timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 50);
COMMENT ON TABLE presences IS 'Who is at work. A row that is no longer renewed is of a process that died.';
COMMENT ON COLUMN presences.id IS 'Made up by the process.';
COMMENT ON COLUMN presences.role IS 'crawl, work or serve.';
COMMENT ON COLUMN presences.host IS 'The machine, and the process on it.';
COMMENT ON COLUMN presences.version IS 'Version of abiscope and its analyzer.';
COMMENT ON COLUMN presences.started_at IS 'When it came.';
COMMENT ON COLUMN presences.seen_at IS 'When it last said that it is there.';

-- What two readers of one project that finish in the other order are told apart by, where pages have no serial.
ALTER TABLE projects ADD COLUMN asked_at timestamptz;
COMMENT ON COLUMN projects.asked_at IS 'When the read that was recorded last had begun; an older one is refused by it.';

-- For the rates of the last hour and for what is due to be read again.
CREATE INDEX projects_by_read_at ON projects (read_at);
CREATE INDEX files_by_fetched_at ON files (fetched_at) WHERE fetched_at IS NOT NULL;
CREATE INDEX reports_by_analysed_at ON reports (analysed_at);
