-- Customers' systems that bind to us by SMPP: who may, who is there, and what goes back to them.

alter table messages
  add column user_data bytea, -- one segment as its sender has made it, header first; null where we cut `body`
  add column origin jsonb; -- what the SMPP door must know again to tell the fate of a message; null for all others

create table smpp_logins (
  account_id uuid not null references accounts,
  id uuid not null,
  system_id text not null unique, -- a bind says nothing else of whose it is
  name text not null,
  password text not null, -- scrypt, with its parameters and its salt
  enabled boolean not null default true,
  allowed_ips cidr[] not null default '{}', -- empty: from everywhere
  max_binds integer not null default 10 check (max_binds between 1 and 10000),
  window_size integer not null default 100 check (window_size between 1 and 10000), -- of our deliver_sm on each bind
  segments_per_second double precision check (segments_per_second > 0), -- null: as fast as the house goes
  bind_types text[] not null default '{transceiver,transmitter,receiver}',
  lane lane not null default 'transactional', -- of a message with priority_flag 0
  receives text[] not null default '{}', -- own numbers whose inbound goes here; a star at the end matches the rest
  tls_only boolean not null default false,
  alphabet text not null default 'gsm7' check (alphabet in ('gsm7', 'latin1')), -- what data_coding 0 means, both ways
  long_inbound text not null default 'udh' check (long_inbound in ('udh', 'sar', 'payload')),
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (account_id, id)
);

-- Who is bound to which node, and the nodes that may have deliveries on a link: what a dead one leaves is found by its number.
create table smpp_holders (
  node integer primary key
);
create table smpp_sessions (
  node integer not null,
  session integer not null,
  account_id uuid not null,
  login_id uuid not null,
  bind_type text not null,
  address text not null,
  version smallint not null,
  tls boolean not null,
  since timestamptz not null,
  primary key (node, session)
);

-- Parts of long messages that an ESME numbers by TLVs (sar_*) until all are there. All are answered with one message id.
create table smpp_parts (
  login_id uuid not null,
  source text not null,
  destination text not null,
  reference integer not null,
  total smallint not null,
  part smallint not null,
  account_id uuid not null,
  message_id uuid not null,
  body text not null, -- as a JSON string: half a character at a border is no text for PostgreSQL
  draft jsonb not null,
  received_at timestamptz not null,
  primary key (login_id, source, destination, reference, total, part)
);
create index smpp_parts_age on smpp_parts (received_at);

-- Receipts and inbound messages on their way to a login. A row goes when the ESME has answered OK; `due_at` is when to
-- send or, while a node has it on a link, when that claim lapses. No index has it, so that a claim writes none.
create table smpp_deliveries (
  account_id uuid not null,
  login_id uuid not null,
  id uuid not null,
  kind text not null check (kind in ('receipt', 'inbound')),
  message_id uuid not null,
  content jsonb not null,
  attempt smallint not null default 0,
  node integer,
  due_at timestamptz not null,
  expires_at timestamptz not null,
  primary key (login_id, id)
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0);
create index smpp_deliveries_expiry on smpp_deliveries (expires_at);

-- What was given up, and why: for the people who will ask.
create table smpp_given_up (
  account_id uuid not null,
  login_id uuid not null,
  id uuid not null,
  kind text not null,
  message_id uuid not null,
  reason text not null,
  at timestamptz not null,
  primary key (login_id, id)
);
create index smpp_given_up_age on smpp_given_up (at);

insert into event_cursors values ('esme', '0', 0);
