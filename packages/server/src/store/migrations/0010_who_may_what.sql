-- People who sign in, what they may do in which account, and what was changed by whom.

-- People belong to the installation; an account has them as members. E-mail in lower case.
create table users (
  id uuid primary key,
  email text not null unique,
  name text not null,
  password text, -- argon2id in its PHC form; null until a link was taken
  totp_secret bytea, -- sealed with a key of the installation
  totp_pending bytea, -- likewise, until its first code was given
  totp_step bigint not null default 0, -- the newest step a code was taken of: none is taken twice
  created_at timestamptz not null,
  updated_at timestamptz not null
);

create table memberships (
  account_id uuid not null references accounts,
  user_id uuid not null references users,
  role text not null check (role in ('owner', 'admin', 'developer', 'marketer', 'agent', 'auditor')),
  created_at timestamptz not null,
  primary key (account_id, user_id)
);
create index memberships_user on memberships (user_id);

create table user_passkeys (
  user_id uuid not null references users,
  id uuid not null,
  credential_id text not null unique, -- base64url, as browsers write it
  public_key bytea not null,
  counter bigint not null,
  transports text[] not null,
  name text not null,
  created_at timestamptz not null,
  used_at timestamptz,
  primary key (user_id, id)
);

-- Challenges that a passkey has signed: each is good for once.
create table used_challenges (
  challenge text primary key,
  expires_at timestamptz not null
);
create index used_challenges_age on used_challenges (expires_at);

-- 256 random bits in a cookie, stored as SHA-256 like API keys.
create table user_sessions (
  id uuid primary key,
  hash bytea not null unique,
  user_id uuid not null references users,
  account_id uuid not null references accounts, -- the one that is looked at
  created_at timestamptz not null,
  seen_at timestamptz not null,
  expires_at timestamptz not null,
  proved_at timestamptz not null, -- when its user last gave the password or a passkey
  address text not null,
  agent text not null
);
create index user_sessions_user on user_sessions (user_id);
create index user_sessions_age on user_sessions (expires_at);

-- A link that lets somebody in: an invitation, or a new password for a user of the account.
create table user_links (
  account_id uuid not null references accounts,
  id uuid not null,
  kind text not null check (kind in ('invitation', 'reset')),
  hash bytea not null unique,
  email text not null,
  name text not null,
  role text, -- of an invitation
  user_id uuid references users, -- of a reset
  made_by jsonb not null, -- {kind, id, name}
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  primary key (account_id, id)
);
create index user_links_age on user_links (expires_at);

-- Guesses, by hash of who is guessed at and from where: counted before they are looked at.
create table sign_in_guesses (
  key bytea primary key,
  count integer not null,
  since timestamptz not null,
  closed_until timestamptz not null
);
create index sign_in_guesses_age on sign_in_guesses (since);

-- Numbers of ours that belong to another account than the carrier that they come in on. `carrier_id` null: on any.
create table numbers (
  account_id uuid not null references accounts,
  id uuid not null,
  address text not null,
  carrier_id uuid references carriers,
  created_at timestamptz not null,
  primary key (account_id, id)
);
create unique index numbers_address on numbers (address, carrier_id) nulls not distinct;

-- Who wanted to change what. Written before the change; what came of it stands in audit_outcomes. An entry without an
-- outcome: the process ended in between, and the change may have been made.
create table audit_log (
  account_id uuid not null,
  id uuid not null,
  at timestamptz not null,
  actor_kind text not null check (actor_kind in ('key', 'user', 'command', 'nobody')),
  actor_id uuid,
  actor_name text not null, -- as it was then
  action text not null, -- POST /v1/webhooks/:id, or a word such as sign_in
  target text, -- public id or name of what was changed
  fields jsonb not null, -- names of what was changed; values only where they say nothing of a person and open no door
  address text,
  request_id text,
  primary key (account_id, id)
);
create index audit_log_actor on audit_log (account_id, actor_id, id);
create index audit_log_target on audit_log (account_id, target, id);

create table audit_outcomes (
  account_id uuid not null,
  id uuid not null,
  at timestamptz not null,
  status smallint not null, -- of the answer
  error text, -- its code
  target text, -- of what was made: known only afterwards
  primary key (account_id, id)
);
create index audit_outcomes_target on audit_outcomes (account_id, target, id) where target is not null;

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'The audit log is only added to.' using errcode = 'restrict_violation';
end $$;
create trigger audit_log_stays before update or delete or truncate on audit_log
  for each statement execute function refuse_change();
create trigger audit_outcomes_stay before update or delete or truncate on audit_outcomes
  for each statement execute function refuse_change();
