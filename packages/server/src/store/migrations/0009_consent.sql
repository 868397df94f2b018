-- Topics and consent. A number stands here as HMAC under a key of the installation (`number_key`, platform.addressKey): a
-- plain hash of a phone number is reversed by trying all 10^10. The number itself is in consent_details only, and goes with
-- an erasure.

create table topics (
  account_id uuid not null references accounts,
  id uuid not null,
  key text not null, -- what people write after STOP; folded, so that "Werbung" and "WERBUNG!" are one
  name text not null,
  kind text not null check (kind in ('marketing', 'service', 'alert')),
  sender text, -- in its one spelling; null: the account's default
  language text not null, -- of people of whom no other is known
  texts jsonb not null default '{}', -- {opt_in | confirm | opt_out | help: {language: text}}; what is missing has a text of the house
  frequency_caps jsonb not null default '[]',
  mandatory boolean not null default false, -- a STOP leaves it: alerts that an employer must give
  created_at timestamptz not null,
  updated_at timestamptz not null,
  archived_at timestamptz,
  primary key (account_id, id)
);
create unique index topics_key on topics (account_id, key) where archived_at is null;

create table consent_settings (
  account_id uuid primary key references accounts,
  opt_out_scope text not null default 'sender' check (opt_out_scope in ('topic', 'sender', 'account')),
  display_name text, -- how confirmations name the account
  help_contact text, -- where HELP sends people: a number, an address, a page
  texts jsonb not null default '{}', -- {opt_out | opt_in | help: {language: text}} for words that concern no topic
  updated_at timestamptz not null
);

-- The head of each account's chain. Whoever appends holds the account's advisory lock (classid 7680) until the commit.
create table consent_chains (
  account_id uuid primary key references accounts,
  seq bigint not null,
  hash bytea not null
);

-- Append-only. hash = SHA-256 over the row as canonical JSON, with the hash before it: see chain.ts.
create table consent_ledger (
  account_id uuid not null,
  seq bigint not null,
  id uuid not null,
  at timestamptz not null,
  number_key bytea not null,
  -- What it is about: a topic, else a sender, else (both null) all that the account sends.
  topic_id uuid,
  sender text,
  act text not null check (act in ('requested', 'granted', 'withdrawn', 'restored', 'lapsed', 'erased')),
  how text not null check (how in (
    'web_form', 'sms_double_opt_in', 'sms_keyword', 'import', 'agent', 'api', 'carrier', 'erasure', 'expiry')),
  via text, -- our address at which the word came
  actor text, -- public id of the key or user; null: the person, or the house
  message_ids uuid[] not null default '{}',
  details_hash bytea, -- salted, over the row of consent_details
  prev_hash bytea not null,
  hash bytea not null,
  primary key (account_id, seq)
) with (autovacuum_vacuum_insert_threshold = 100000);
create index consent_ledger_number on consent_ledger (number_key, account_id, seq);

create function consent_ledger_stands() returns trigger language plpgsql as $$
begin
  raise exception 'consent_ledger is append-only' using errcode = 'restrict_violation';
end $$;
create trigger consent_ledger_stands before update or delete or truncate on consent_ledger
  for each statement execute function consent_ledger_stands();

-- What names or describes a person. Erasure deletes the row; the chain holds, for it knows the salted hash alone.
create table consent_details (
  account_id uuid not null,
  seq bigint not null,
  salt bytea not null,
  number text not null,
  details jsonb not null, -- {text_shown, source_address, word, note, …}
  primary key (account_id, seq)
);

-- What holds now, changed in the transaction of the entry that changes it.
create table consent_state (
  account_id uuid not null,
  number_key bytea not null,
  topic_id uuid,
  sender text,
  granted boolean, -- null: nothing holds here any more (a STOP was taken back that had nothing before it)
  at timestamptz not null,
  seq bigint not null, -- of the entry from which it holds: between scopes the later word counts
  entry_id uuid not null,
  how text not null,
  via text,
  before jsonb, -- {granted, at, seq, entry_id, how, via}: what a withdrawal took, for the START that gives back no more
  unique nulls not distinct (account_id, number_key, topic_id, sender)
) with (fillfactor = 90);
create index consent_state_granted on consent_state (account_id, topic_id, number_key) where granted;
create index consent_state_out on consent_state (account_id, seq) where granted is false;
