-- Sign-up by SMS: hosted forms, sign-ups that wait for an answer, links to one's own preferences, and how often somebody tried.

create table consent_forms (
  account_id uuid not null references accounts,
  id uuid not null,
  slug text not null unique, -- in the address: /f/<slug>
  settings jsonb not null, -- {title, intro: {de, en}, topics: [uuid], sender, countries, language, privacy_url, expires_hours}
  enabled boolean not null default true,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (account_id, id)
);

-- A double opt-in under way. The number goes with its end; what was said stands in the ledger.
create table consent_sign_ups (
  account_id uuid not null,
  id uuid not null unique,
  number_key bytea not null,
  number text, -- null once it has ended
  state text not null check (state in ('pending', 'granted', 'declined', 'expired', 'replaced')),
  topics uuid[] not null,
  sender text, -- from which it was asked
  name text, -- how whoever asked calls himself, for the confirmation
  language text not null,
  code_hash bytea not null,
  tries smallint not null default 0, -- wrong codes
  details jsonb not null, -- {text_shown, source_address, user_agent, …}, for the ledger
  message_id uuid not null, -- that asked
  created_at timestamptz not null,
  expires_at timestamptz not null,
  ended_at timestamptz,
  primary key (account_id, id)
);
create index consent_sign_ups_number on consent_sign_ups (account_id, number_key);
create index consent_sign_ups_expiry on consent_sign_ups (expires_at) where state = 'pending';
create index consent_sign_ups_ended on consent_sign_ups (ended_at) where ended_at is not null;

-- Signed links to the page on which a person sees and changes what they get.
create table consent_links (
  account_id uuid not null,
  id uuid not null unique,
  number_key bytea not null,
  number text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  revoked_at timestamptz,
  primary key (account_id, id)
);
create index consent_links_number on consent_links (account_id, number_key);
create index consent_links_expiry on consent_links (expires_at);

-- How often something was tried in an hour, over all nodes and accounts: a number, an address, a form, by keyed hash.
create table consent_tries (
  subject bytea not null,
  hour timestamptz not null,
  count integer not null,
  primary key (subject, hour)
);
create index consent_tries_age on consent_tries (hour);
