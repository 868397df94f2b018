-- People, what is known of them, and what is done with many of them at once.

create table contacts (
  account_id uuid not null,
  id uuid not null,
  external_id text, -- what the account's own system calls them
  name text,
  language text,
  time_zone text,
  attributes jsonb not null default '{}', -- by the keys of contact_attributes
  tags text[] not null default '{}', -- sorted
  postcode text,
  lat double precision,
  lon double precision,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (account_id, id)
);
create unique index contacts_external on contacts (account_id, external_id) where external_id is not null;
create index contacts_tags on contacts using gin (tags);
create index contacts_words on contacts using gin (to_tsvector('simple', coalesce(name, '')));

-- An address belongs to one person. What happened on it stands beside it: a delivery is the update of one narrow row
-- in its place, and goes with the address.
create table contact_addresses (
  account_id uuid not null,
  channel text not null check (channel in ('sms', 'email')),
  address text collate "C" not null, -- E.164, or e-mail in small letters
  key bytea not null, -- HMAC of the address, as consent and suppression know it: platform.addressKey
  contact_id uuid not null,
  position smallint not null default 0, -- the first of a channel is the one that is written to
  label text,
  delivered_at timestamptz,
  replied_at timestamptz,
  clicked_at timestamptz,
  created_at timestamptz not null,
  primary key (account_id, channel, address)
) with (fillfactor = 85);
create index contact_addresses_contact on contact_addresses (account_id, contact_id, position);

create table contact_notes (
  account_id uuid not null,
  id uuid not null,
  contact_id uuid not null,
  text text not null,
  author text,
  created_at timestamptz not null,
  primary key (account_id, id)
);
create index contact_notes_contact on contact_notes (account_id, contact_id, id);

-- Which attributes there are, and of which type.
create table contact_attributes (
  account_id uuid not null references accounts,
  key text not null,
  label text not null,
  type text not null check (type in ('text', 'number', 'boolean', 'date', 'choice')),
  choices text[] not null default '{}',
  created_at timestamptz not null,
  primary key (account_id, key)
);

create table contact_lists (
  account_id uuid not null references accounts,
  id uuid not null,
  name text not null,
  description text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (account_id, id)
);
create unique index contact_lists_name on contact_lists (account_id, name);

create table contact_list_members (
  account_id uuid not null,
  list_id uuid not null,
  contact_id uuid not null,
  added_at timestamptz not null,
  primary key (account_id, list_id, contact_id)
);
create index contact_list_members_contact on contact_list_members (account_id, contact_id);

-- Questions with a name; who is in a segment is asked each time.
create table contact_segments (
  account_id uuid not null references accounts,
  id uuid not null,
  name text not null,
  definition jsonb not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (account_id, id)
);
create unique index contact_segments_name on contact_segments (account_id, name);

-- Where postcodes are, for people of whom nothing better is known.
create table contact_places (
  account_id uuid not null references accounts,
  postcode text not null,
  lat double precision not null,
  lon double precision not null,
  primary key (account_id, postcode)
);

create table contact_imports (
  account_id uuid not null references accounts,
  id uuid not null,
  file_name text not null,
  state text not null check (state in ('uploading', 'ready', 'running', 'finished', 'failed', 'stopped')),
  size bigint not null default 0, -- octets that were uploaded
  format jsonb, -- {encoding, delimiter, header, columns}
  mapping jsonb, -- [{column, to}]
  options jsonb not null default '{}', -- {list, tags, only}
  position bigint not null default 0, -- octets of its text, as UTF-8, that are done: committed with what came of them
  rows bigint not null default 0, -- rows that are done
  created bigint not null default 0,
  updated bigint not null default 0,
  unchanged bigint not null default 0,
  failed bigint not null default 0,
  error jsonb, -- {code, sentence}
  created_at timestamptz not null,
  started_at timestamptz,
  touched_at timestamptz not null,
  finished_at timestamptz,
  primary key (account_id, id)
);

-- The file, until the import has ended.
create table contact_import_chunks (
  account_id uuid not null,
  import_id uuid not null,
  n integer not null,
  bytes bytea not null,
  primary key (account_id, import_id, n)
);
alter table contact_import_chunks alter column bytes set storage external;

-- Rows that could not be taken, as they stood in the file; for a month.
create table contact_import_errors (
  account_id uuid not null,
  import_id uuid not null,
  row bigint not null, -- from 1, without the header
  problems jsonb not null, -- [{column, code, sentence}]
  cells text[] not null,
  primary key (account_id, import_id, row)
);

-- Sending to many. Who is meant is written down as it begins, thousands to a row, and taken page by page.
create table contact_audiences (
  account_id uuid not null references accounts,
  id uuid not null,
  name text not null,
  state text not null check (state in ('held', 'running', 'finished', 'stopped', 'failed')),
  segment_id uuid,
  list_id uuid,
  definition jsonb, -- of the segment, as it was when it was asked for
  topic uuid,
  lane lane not null,
  sender text,
  text text not null,
  starts_at timestamptz not null,
  pages integer, -- null until it is known who is meant
  page integer not null default 0, -- pages that are done
  people integer not null default 0,
  looked_at integer not null default 0,
  queued integer not null default 0,
  deferred integer not null default 0,
  refused jsonb not null default '{}', -- how many, by code
  segments integer not null default 0,
  withdrawn integer not null default 0,
  created_at timestamptz not null,
  started_at timestamptz,
  touched_at timestamptz not null,
  finished_at timestamptz,
  primary key (account_id, id)
);

create table contact_audience_pages (
  account_id uuid not null,
  audience_id uuid not null,
  page integer not null,
  contact_ids uuid[] not null,
  primary key (account_id, audience_id, page)
);

-- What is needed to part again two who were taken for one.
create table contact_merges (
  account_id uuid not null,
  id uuid not null,
  kept_id uuid not null,
  merged_id uuid not null,
  undo jsonb not null,
  merged_at timestamptz not null,
  undone_at timestamptz,
  primary key (account_id, id)
);
create index contact_merges_kept on contact_merges (account_id, kept_id);
create index contact_merges_merged on contact_merges (account_id, merged_id);

-- That somebody was erased, when and how much: nothing here says who.
create table contact_erasures (
  account_id uuid not null references accounts,
  id uuid not null,
  contact_id uuid not null,
  state text not null check (state in ('running', 'finished')),
  left_over uuid[] not null default '{}', -- messages still on their way, which are emptied once they have ended
  requested_at timestamptz not null,
  finished_at timestamptz,
  primary key (account_id, id)
);
create index contact_erasures_running on contact_erasures (requested_at) where state = 'running';

-- A line of the receipt. Every capability that hears `contact.erased` writes one for each place where it had something.
create table contact_erasure_counts (
  account_id uuid not null,
  erasure_id uuid not null,
  place text not null,
  count bigint not null,
  note text,
  at timestamptz not null,
  primary key (account_id, erasure_id, place)
);

-- Addresses of the erased, as HMACs under a key of the installation, so that no import brings them back unnoticed.
create table contact_suppressed (
  account_id uuid not null,
  hash bytea not null,
  erasure_id uuid not null,
  at timestamptz not null,
  primary key (account_id, hash)
);

-- For how many days each class of data is kept; null: for good.
create table contact_retention (
  account_id uuid primary key references accounts,
  bodies_days integer check (bodies_days > 0),
  numbers_days integer check (numbers_days > 0),
  events_days integer check (events_days > 0),
  updated_at timestamptz not null
);

-- How far the daily round has come: everything up to this id is done.
create table contact_retention_marks (
  account_id uuid not null,
  class text not null,
  mark uuid not null,
  done bigint not null default 0, -- in its last round
  at timestamptz not null,
  primary key (account_id, class)
);

-- What somebody wrote to us is found by their number.
create index messages_sender on messages (sender, account_id, id) where direction = 'inbound';
