-- Any number of carriers, routes between them, and nodes that share the work.

alter table carriers
  add column profile text, -- settings with a name, which its own are laid over
  add column settings jsonb not null default '{}', -- checked by the schema of its kind before it comes here
  add column secrets jsonb not null default '{}', -- passwords and keys: needed in clear to log on with, never shown again
  add column mode text not null default 'active' check (mode in ('active', 'paused', 'drained')),
  add column origin text not null default 'api' check (origin in ('api', 'config')), -- config: made again from the environment at each start
  add column learned jsonb not null default '{}', -- what the carrier has shown: base of its ids, rates
  add column revision integer not null default 1,
  add column updated_at timestamptz not null default now(),
  add column deleted_at timestamptz; -- rows stay: segments and receipts name them
update carriers set origin = 'config';
alter table carriers drop constraint carriers_name_key;
create unique index carriers_name on carriers (name) where deleted_at is null;

-- A rule that offers a carrier to messages. What is empty or null matches everything.
create table routes (
  id uuid primary key,
  carrier_id uuid not null references carriers,
  account_id uuid references accounts,
  prefix text not null default '' check (prefix ~ '^([+][0-9]{1,15})?$'),
  lanes lane[] not null default '{}',
  sender text,
  cost numeric(12, 6) not null default 0 check (cost >= 0), -- of a segment
  weight integer not null default 100 check (weight between 1 and 10000),
  enabled boolean not null default true,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index routes_carrier on routes (carrier_id);

-- Tokens of an account (sender '') or of one of its senders, beside those of the carrier.
create table rate_limits (
  account_id uuid not null references accounts,
  sender text not null default '',
  segments_per_second double precision not null check (segments_per_second > 0),
  allowance double precision not null default 0, -- tokens left at `refilled_at`
  refilled_at timestamptz not null default now(),
  primary key (account_id, sender)
);

-- The carriers that a queued message may take, in the order in which they are tried. Messages with the same choice share
-- a path, so that a carrier which dies or comes back changes nothing in the queue. Those of a limited account or
-- sender have a path of their own, and wait there in nobody's way. Path 0: not routed yet.
create table paths (
  id integer primary key generated always as identity,
  carriers uuid[] not null,
  account_id uuid,
  sender text,
  unique nulls not distinct (carriers, account_id, sender)
);

-- Which routes the paths in the queue were made from; whoever moves queued messages to their new paths holds the row.
create table routing (
  single boolean primary key default true check (single),
  revision bigint not null default 1, -- rises with each change of routes, carriers or limits
  changed_at timestamptz not null default now(), -- when it rose
  applied bigint not null default 1, -- every queued message has a path of this revision or a later one
  walk_revision bigint, -- the walk through the queue that is under way: by which rules, since when, and how far it is
  walk_began timestamptz,
  walk_account uuid,
  walk_message uuid
);
insert into routing default values;

alter table queue add column path integer not null default 0;
drop index queue_ready;
create index queue_ready on queue (path, lane, message_id) where status = 'ready';
update routing set revision = 2;

alter table binds
  add column state text not null default 'down' check (state in ('down', 'binding', 'bound', 'open')), -- open: the circuit is
  add column state_at timestamptz not null default now(),
  add column report jsonb not null default '{}'; -- window, rate, answer times, last error: said by the holder every few seconds

alter table nodes
  add column host text not null default '',
  add column pid integer not null default 0,
  add column version text not null default '',
  add column roles text[] not null default '{api,carriers,jobs}',
  add column url text not null default '',
  add column seen_at timestamptz not null default now(),
  add column draining boolean not null default false,
  add column incarnation text not null default '', -- of PostgreSQL, in which the node took its lock
  add column report jsonb not null default '{}';

-- Names the life of this PostgreSQL: another one after a restart, a crash of one of its processes (where the role may
-- see that), and a promotion. Every session and every advisory lock ends with it, so only within one life does a
-- missing lock say that its node is dead.
create function incarnation() returns text language sql stable as $$
  select left(pg_walfile_name(pg_current_wal_lsn()), 8) || ' ' || extract(epoch from coalesce(
    (select backend_start from pg_stat_activity where backend_type = 'checkpointer'), pg_postmaster_start_time()))
$$;
create table incarnations (
  id text primary key,
  since timestamptz not null -- when the first node came
);

-- Who lives: has shown itself lately, and has not let go of its lock in this life of PostgreSQL.
create view living_nodes as
  select n.*, n.seen_at > now() - interval '8 seconds' and (n.incarnation <> incarnation() or exists (
      select from pg_locks l where l.locktype = 'advisory' and l.classid = 7678 and l.objid::bigint = n.number
        and l.objsubid = 2 and l.granted and l.database = (select oid from pg_database where datname = current_database())
    )) as alive
  from nodes n;
