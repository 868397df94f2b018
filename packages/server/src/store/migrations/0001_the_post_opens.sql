-- Ids are UUIDv7. `account_id` leads every tenant key, so that the tables can be distributed by it later.

create type lane as enum ('alert', 'code', 'transactional', 'conversation', 'marketing'); -- in order of priority

create table accounts (
  id uuid primary key,
  name text not null,
  created_at timestamptz not null
);

-- Keys carry 256 random bits, so a plain SHA-256 is enough: there is nothing to guess.
create table api_keys (
  account_id uuid not null references accounts,
  id uuid not null,
  name text not null,
  hash bytea not null unique,
  hint text not null,
  scopes text[] not null,
  created_at timestamptz not null,
  revoked_at timestamptz,
  primary key (account_id, id)
);

-- Connections to networks. `account_id` owns what comes in on them.
create table carriers (
  account_id uuid not null references accounts,
  id uuid primary key,
  name text not null unique,
  kind text not null,
  created_at timestamptz not null
);

-- Processes that are alive hold a session advisory lock on their number (classid 7678).
create table nodes (
  number integer primary key generated always as identity,
  started_at timestamptz not null
);

-- One row a bind slot: who holds it, until when, and the fencing token that rises with each holder.
create table binds (
  carrier_id uuid not null references carriers,
  slot smallint not null,
  node integer,
  fence bigint not null default 0,
  leased_until timestamptz not null default '-infinity',
  primary key (carrier_id, slot)
);

create table messages (
  account_id uuid not null,
  id uuid not null,
  direction text not null check (direction in ('outbound', 'inbound')),
  channel text not null default 'sms',
  state text not null,
  lane lane,
  sender text,
  recipient text not null,
  body text not null,
  encoding text not null check (encoding in ('gsm7', 'ucs2')),
  segments smallint not null,
  reference smallint, -- concatenation reference of a long message, the same on every attempt
  client_ref text,
  carrier_id uuid,
  error_code text,
  carrier_code text, -- what the carrier said, verbatim
  possible_duplicate boolean not null default false,
  timeline jsonb not null default '[]', -- [{state, at, …}], what came after acceptance; appended with each change
  trace jsonb, -- inbound: which capabilities were asked and which took it
  send_at timestamptz,
  expires_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  final_at timestamptz,
  primary key (account_id, id),
  constraint messages_state check (state in (
    'accepted', 'scheduled', 'queued', 'on_wire', 'uncertain', 'submitted',
    'undelivered', 'expired', 'rejected', 'delivered', 'cancelled', 'received')),
  constraint messages_final check (
    (final_at is not null) = (state in ('delivered', 'undelivered', 'expired', 'rejected', 'cancelled', 'received')))
) partition by range (id);

-- Not led by the account: beside the primary key, a plan made while the table is empty could not tell the two apart,
-- and would go on to look up ids by reading all of an account.
create index messages_recipient on messages (recipient, account_id, id);
create index messages_client_ref on messages (client_ref, account_id, id) where client_ref is not null;
create index messages_inbound on messages (account_id, id) where direction = 'inbound';

-- Outbound messages that wait: for their time, for a carrier, or for news of their fate. Small: history does not
-- slow it down, and a row is only ever inserted and deleted on the common path.
create table queue (
  account_id uuid not null,
  message_id uuid not null,
  lane lane not null,
  status text not null check (status in ('scheduled', 'ready', 'uncertain')),
  due_at timestamptz not null, -- scheduled: when to send; uncertain: when to stop waiting
  expires_at timestamptz not null,
  attempt smallint not null default 0, -- attempts so far
  primary key (account_id, message_id)
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0,
        autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 50000);

create index queue_ready on queue (lane, message_id) where status = 'ready';
create index queue_due on queue (due_at) where status in ('scheduled', 'uncertain');
create index queue_expiry on queue (expires_at);

-- What a bind took out of the queue, a row for each handful, under the fencing token of its lease. A message is on
-- the wire if a claim lists it, its state is `queued`, and the queue has it no more. The row goes when the last of
-- its messages is settled; whoever takes the bind over finds here what the one before had on the wire.
create table claims (
  id bigint primary key generated always as identity,
  carrier_id uuid not null,
  slot smallint not null,
  fence bigint not null,
  messages jsonb not null, -- [{account_id, id, lane, expires_at, attempt}]
  claimed_at timestamptz not null
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_cost_delay = 0);
create index claims_bind on claims (carrier_id, slot, fence);

-- One row a segment that a carrier answered for, an attempt each: what is billed, paced and receipted.
create table segments (
  account_id uuid not null,
  message_id uuid not null,
  attempt smallint not null,
  index smallint not null, -- from 1
  state text not null check (state in ('submitted', 'delivered', 'undelivered', 'expired', 'rejected')),
  carrier_id uuid not null,
  remote_id text not null, -- as the carrier wrote it
  remote_key text not null, -- folded, for matching receipts
  request bytea, -- the submit_sm as it went out
  receipts jsonb not null default '[]',
  submitted_at timestamptz not null,
  final_at timestamptz,
  primary key (account_id, message_id, attempt, index)
) partition by range (message_id);

create index segments_remote on segments (carrier_id, remote_key, message_id);

-- Receipts that came before the answer that they belong to, or that fit nothing.
create table orphan_receipts (
  id uuid primary key,
  carrier_id uuid not null,
  keys text[] not null,
  receipt jsonb not null,
  received_at timestamptz not null
);
-- Without a pending list, which every look for early receipts would have to read through.
create index orphan_receipts_keys on orphan_receipts using gin (keys) with (fastupdate = off);
create index orphan_receipts_age on orphan_receipts (received_at);

create table idempotency_keys (
  account_id uuid not null,
  key text not null,
  fingerprint bytea not null,
  answer jsonb not null,
  created_at timestamptz not null,
  primary key (account_id, key)
);
create index idempotency_keys_age on idempotency_keys (created_at);

-- Long inbound messages whose parts have not all come. The group row is the lock of its parts.
create table inbound_groups (
  carrier_id uuid not null,
  sender text not null,
  recipient text not null,
  reference integer not null, -- 16-bit references are offset by 65536: they are another space
  total smallint not null,
  first_at timestamptz not null,
  completed_at timestamptz, -- kept for a while, so that a part sent again is known
  primary key (carrier_id, sender, recipient, reference, total)
);
create index inbound_groups_age on inbound_groups (first_at);

create table inbound_parts (
  carrier_id uuid not null,
  sender text not null,
  recipient text not null,
  reference integer not null,
  total smallint not null,
  part smallint not null,
  body text not null,
  encoding text not null,
  received_at timestamptz not null,
  primary key (carrier_id, sender, recipient, reference, total, part),
  foreign key (carrier_id, sender, recipient, reference, total) references inbound_groups on delete cascade
);

-- The outbox. (xid, seq) is the order of reading: rows of a transaction become readable together, once no
-- older transaction is under way, so a reader that remembers where it was never skips a late commit.
create table events (
  account_id uuid not null,
  id uuid not null,
  xid xid8 not null default pg_current_xact_id(),
  seq bigint not null generated always as identity,
  name text not null,
  payload jsonb not null,
  at timestamptz not null,
  primary key (account_id, id)
) partition by range (id);
create index events_order on events (xid, seq);

create table webhooks (
  account_id uuid not null references accounts,
  id uuid not null,
  url text not null,
  events text[] not null, -- empty: all of them
  secret bytea not null, -- needed in clear to sign with
  previous_secret bytea, -- signs beside the new one for a day after a rotation
  previous_until timestamptz,
  enabled boolean not null default true,
  description text,
  failing_since timestamptz, -- first failure since the last success
  disabled_reason text,
  created_at timestamptz not null,
  primary key (account_id, id)
);

-- One row an endpoint and event. The body is made from the event, so it is stored once.
create table webhook_deliveries (
  account_id uuid not null,
  webhook_id uuid not null,
  event_id uuid not null,
  status text not null check (status in ('pending', 'sending', 'delivered', 'failed')),
  attempt smallint not null default 0, -- rises with each claim: an answer to an older claim changes nothing
  due_at timestamptz not null, -- pending: when to send; sending: when the claim lapses
  sent_at timestamptz, -- of the last attempt: the time inside its signature
  response_status smallint,
  error text,
  duration_ms integer,
  failures jsonb, -- [{attempt, at, status, error, ms, answer}], the attempts that failed
  updated_at timestamptz not null,
  primary key (account_id, webhook_id, event_id)
) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 20000);
-- Led by the endpoint, so that the backlog of one is no work for the others.
create index webhook_deliveries_due on webhook_deliveries (account_id, webhook_id, due_at)
  where status in ('pending', 'sending');

-- First attempts under way, a row for each handful of events that a relay took from the outbox. Their deliveries are
-- written with their outcome, all at once, and that deletes the row; if the node dies, whoever sees the row lapse
-- writes them as due. So an attempt that succeeds is one row version.
create table webhook_batches (
  id bigint primary key generated always as identity,
  account_ids uuid[] not null, -- of the deliveries, as the two beside it
  webhook_ids uuid[] not null,
  event_ids uuid[] not null,
  lapses_at timestamptz not null
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_cost_delay = 0);

-- How far each reader of the outbox has come.
create table event_cursors (
  reader text primary key,
  xid xid8 not null,
  seq bigint not null
);
insert into event_cursors values ('webhooks', '0', 0);

create function uuidv7_floor(moment timestamptz) returns uuid language sql stable as $$
  select (lpad(to_hex((extract(epoch from moment) * 1000)::bigint), 12, '0') || '70008000000000000000')::uuid
$$;

-- Monthly partitions for the tables that grow; called at start and once a day, and harmless to repeat.
create function ensure_partitions(from_month date, months integer) returns void language plpgsql set timezone to 'UTC' as $$
declare
  parent text;
  month date;
  floor_of uuid;
  ceiling_of uuid;
  -- Two further versions of each message and one of each segment find room on the same page, so that no index is
  -- written for them. Thresholds are high: at the defaults a young partition is vacuumed without end.
  calm text := 'autovacuum_vacuum_threshold = 100000, autovacuum_vacuum_insert_threshold = 200000, autovacuum_analyze_threshold = 100000';
  options_of jsonb := jsonb_build_object(
    'messages', 'fillfactor = 40, ' || calm, 'segments', 'fillfactor = 45, ' || calm, 'events', calm);
begin
  foreach parent in array array['messages', 'segments', 'events'] loop
    for step in 0..months - 1 loop
      month := (date_trunc('month', from_month) + make_interval(months => step))::date;
      floor_of := uuidv7_floor(month);
      ceiling_of := uuidv7_floor((month + interval '1 month')::date);
      execute format(
        'create table if not exists %I partition of %I for values from (%L) to (%L) with (%s)',
        parent || to_char(month, '_YYYY_MM'), parent, floor_of, ceiling_of, options_of ->> parent);
    end loop;
  end loop;
end $$;
