-- Keyword services: words that people send to a number of ours, and what they get.

-- One row an account that has any. Whoever changes words holds it, so that no two services get the same one; its revision
-- tells every process when its book of words is old.
create table keyword_books (
  account_id uuid primary key references accounts,
  revision bigint not null default 1
);

create table keyword_services (
  account_id uuid not null references keyword_books,
  id uuid not null,
  name text not null,
  kind text not null check (kind in ('template', 'table', 'http')),
  enabled boolean not null,
  numbers text[], -- null: all
  keywords jsonb not null, -- [{word, language?}]
  per_hour integer, -- for each caller; null: as often as they like
  per_day integer,
  settings jsonb not null,
  secrets jsonb not null default '{}', -- values of headers that the API does not show
  revision integer not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (account_id, id)
);

-- Numbers of ours that answer words which nobody has.
create table keyword_numbers (
  account_id uuid not null references keyword_books,
  number text not null, -- without +
  settings jsonb not null, -- {texts: {language: text}}
  updated_at timestamptz not null,
  primary key (account_id, number)
);

create table keyword_tables (
  account_id uuid not null,
  service_id uuid not null,
  columns jsonb not null, -- [{name, key: argument | caller | null}]
  row_count integer not null default 0,
  updated_at timestamptz not null,
  primary key (account_id, service_id),
  foreign key (account_id, service_id) references keyword_services on delete cascade
);

-- Ids rise in the order of the file, and that is the order of the rows in an answer.
create table keyword_table_rows (
  account_id uuid not null,
  service_id uuid not null,
  id uuid not null,
  key text not null, -- the key columns, folded, with U+001F between them
  cells text[] not null,
  primary key (account_id, service_id, id),
  foreign key (account_id, service_id) references keyword_tables on delete cascade
);
create index keyword_table_rows_key on keyword_table_rows (account_id, service_id, key text_pattern_ops, id);

-- How often somebody has asked in their last hour and on their last day. The caller is an HMAC: nobody needs the number here.
create table keyword_uses (
  account_id uuid not null,
  service_id uuid not null, -- the account's own id for words that no service has
  caller bytea not null,
  hour timestamptz not null,
  in_hour integer not null,
  day timestamptz not null,
  in_day integer not null, -- those that the hour let through
  per_hour integer, -- what it let through
  primary key (account_id, service_id, caller)
) with (fillfactor = 80);
create index keyword_uses_age on keyword_uses using brin (day) with (autosummarize = on);

-- Questions that a source has to answer: taken with the message, deleted with the answer.
create table keyword_asks (
  account_id uuid not null,
  message_id uuid not null,
  service_id uuid not null,
  asking jsonb not null, -- {from, to, keyword, how, given, at}
  due_at timestamptz not null, -- while somebody asks the source: when that has failed
  attempt smallint not null default 0,
  created_at timestamptz not null,
  primary key (account_id, message_id)
) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
create index keyword_asks_due on keyword_asks (due_at);

create table keyword_cache (
  account_id uuid not null,
  service_id uuid not null,
  key bytea not null, -- SHA-256 of the request
  reading jsonb not null,
  read_at timestamptz not null,
  primary key (account_id, service_id, key),
  foreign key (account_id, service_id) references keyword_services on delete cascade
);
create index keyword_cache_age on keyword_cache (read_at);

-- How a source does. After several failures it is left alone for a while.
create table keyword_sources (
  account_id uuid not null,
  service_id uuid not null,
  failures integer not null default 0, -- since it last answered
  rests_until timestamptz,
  answered_at timestamptz,
  failed_at timestamptz,
  problem jsonb, -- {code, sentence} of the last failure
  primary key (account_id, service_id),
  foreign key (account_id, service_id) references keyword_services on delete cascade
);

create table keyword_days (
  account_id uuid not null,
  service_id uuid not null, -- the account's own id for words that no service has
  day date not null,
  result text not null,
  uses integer not null,
  primary key (account_id, day, service_id, result)
);

-- Words that nobody has, at numbers that answer them.
create table keyword_unknown_words (
  account_id uuid not null,
  day date not null,
  word text not null, -- folded
  asked integer not null,
  primary key (account_id, day, word)
);
