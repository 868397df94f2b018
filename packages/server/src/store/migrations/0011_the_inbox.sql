-- Conversations: one a person, over all senders and channels. Bodies stay in `messages`; here is who talks with whom,
-- who takes care of it, and since when somebody waits.
--
-- Beside a primary key no index is led by the account, but for partial ones: a plan that is made while a table is empty
-- could not tell them apart, and would go on to look up one row by reading all of an account.

create table inbox_conversations (
  account_id uuid not null,
  id uuid not null,
  person text not null, -- whose: `contact:<uuid>`, or `<channel>:<address>` of somebody who is no contact
  contact_id uuid,
  channel text not null, -- where they wrote last, from which address, and to which of ours: where an answer goes
  address text not null,
  sender text,
  state text not null check (state in ('open', 'waiting', 'snoozed', 'closed')),
  snoozed_until timestamptz,
  assignee text, -- public id of a user or key
  assignee_name text,
  team_id uuid,
  flags text[] not null default '{}',
  inbound_count integer not null default 0, -- messages of theirs so far; what somebody has seen of them is unread's other half
  round integer not null default 1, -- rises when a message opens what was closed
  opened_at timestamptz not null, -- of this round
  waiting_since timestamptz, -- the first message of theirs that nobody has answered
  answered_at timestamptz, -- by a person of ours, in this round
  closed_at timestamptz,
  last_at timestamptz not null,
  last_message_id uuid,
  away_for timestamptz, -- the closed time (its end) about which they have been told
  away_day date,
  away_count smallint not null default 0, -- automatic answers on that day
  rating_until timestamptz, -- a number that they say until then answers our question
  created_at timestamptz not null,
  primary key (account_id, id),
  constraint inbox_snoozed check ((state = 'snoozed') = (snoozed_until is not null)),
  constraint inbox_closed check ((state = 'closed') = (closed_at is not null))
);
-- What makes it one a person: whoever comes second waits here for the first.
create unique index inbox_conversations_person on inbox_conversations (person, account_id);
create index inbox_conversations_active on inbox_conversations (account_id, last_at, id) where state <> 'closed';
create index inbox_conversations_closed on inbox_conversations (account_id, last_at, id) where state = 'closed';
create index inbox_conversations_contact on inbox_conversations (contact_id, account_id) where contact_id is not null;
create index inbox_conversations_snoozed on inbox_conversations (snoozed_until) where state = 'snoozed';

-- From where people have written, or were written to. Says in which conversation a message to them belongs.
create table inbox_addresses (
  account_id uuid not null,
  channel text not null,
  address text not null,
  conversation_id uuid not null,
  primary key (account_id, channel, address)
);
create index inbox_addresses_conversation on inbox_addresses (conversation_id, account_id);
create index inbox_addresses_prefix on inbox_addresses (address text_pattern_ops, account_id);

-- What happened in a conversation. An entry about a message has its id, so that one message is one entry.
create table inbox_entries (
  account_id uuid not null,
  id uuid not null,
  conversation_id uuid not null,
  kind text not null check (kind in ('message', 'note', 'event')),
  direction text check (direction in ('inbound', 'outbound')),
  what text, -- of an event: assigned, closed, …; of a message that nobody typed: away, rating
  by_id text, -- who of us; null for the person, and for what happened by itself
  by_name text,
  note text,
  data jsonb,
  at timestamptz not null,
  primary key (account_id, id),
  constraint inbox_entries_message check ((kind = 'message') = (direction is not null)),
  constraint inbox_entries_note check ((kind = 'note') = (note is not null))
);
create index inbox_entries_conversation on inbox_entries (conversation_id, account_id, id);

-- What was said, for the search: apart from the entries, for it is made after the commit that nobody shall wait for.
-- Each vector holds its account as a word, so that the index alone finds one's own.
create table inbox_words (
  account_id uuid not null,
  entry_id uuid not null,
  conversation_id uuid not null,
  words tsvector not null,
  primary key (account_id, entry_id)
);
create index inbox_words_words on inbox_words using gin (words);
create index inbox_words_conversation on inbox_words (conversation_id, account_id);

create function inbox_words_of(account uuid, body text) returns tsvector language sql immutable parallel safe as $$
  select to_tsvector('german', body) || to_tsvector('english', body) || to_tsvector('simple', body) || array_to_tsvector(array['@' || account])
$$;

-- How much of a conversation somebody has seen.
create table inbox_reads (
  account_id uuid not null,
  user_id text not null,
  conversation_id uuid not null,
  seen integer not null,
  primary key (account_id, conversation_id, user_id)
);

create table inbox_mentions (
  account_id uuid not null,
  user_id text not null,
  entry_id uuid not null,
  conversation_id uuid not null,
  primary key (account_id, user_id, conversation_id, entry_id)
);

-- Who looks at a conversation or types in it, for a few seconds. A crash may forget it.
create unlogged table inbox_presence (
  account_id uuid not null,
  conversation_id uuid not null,
  user_id text not null,
  name text not null,
  doing text not null check (doing in ('viewing', 'typing')),
  until timestamptz not null,
  primary key (account_id, conversation_id, user_id)
);
create index inbox_presence_until on inbox_presence (until);

create table inbox_teams (
  account_id uuid not null,
  id uuid not null,
  name text not null,
  numbers text[] not null default '{}', -- our addresses: who writes there is theirs
  auto_assign boolean not null default false,
  turn bigint not null default 0, -- how many were given out; whoever gives out the next ones holds the row
  created_at timestamptz not null,
  primary key (account_id, id)
);
create unique index inbox_teams_name on inbox_teams (account_id, lower(name));

create table inbox_members (
  account_id uuid not null,
  team_id uuid not null,
  user_id text not null,
  name text not null,
  available boolean not null default true, -- takes new conversations
  primary key (account_id, team_id, user_id),
  foreign key (account_id, team_id) references inbox_teams on delete cascade
);
create index inbox_members_user on inbox_members (user_id, account_id);

create table inbox_canned (
  account_id uuid not null,
  id uuid not null,
  shortcut text not null,
  title text not null,
  body text not null,
  language text, -- null: whatever they speak
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (account_id, id)
);
create unique index inbox_canned_shortcut on inbox_canned (account_id, lower(shortcut), coalesce(language, ''));

-- One row an account that has said something: when it is there, and what is said by itself.
create table inbox_settings (
  account_id uuid primary key,
  hours jsonb, -- {time_zone, openings, closed_on}; null: always there
  away jsonb, -- texts by language, the first one for all others; null: nothing is said
  rating jsonb, -- {ask: texts by language, thanks: texts by language}; null: nobody is asked
  fields jsonb not null default '{}', -- of the account, for canned answers
  targets jsonb not null default '[]', -- [{target, minutes, warn_minutes}]
  updated_at timestamptz not null
);

-- Promises that run. The row goes when the promise is kept.
create table inbox_clocks (
  account_id uuid not null,
  conversation_id uuid not null,
  target text not null check (target in ('first_answer', 'next_answer', 'resolution')),
  started_at timestamptz not null,
  due_at timestamptz not null,
  warn_at timestamptz, -- null: no warning, or given
  breached_at timestamptz,
  primary key (account_id, conversation_id, target)
);
create index inbox_clocks_due on inbox_clocks (due_at) where breached_at is null;
create index inbox_clocks_warn on inbox_clocks (warn_at) where warn_at is not null;

-- From opening to closing: what figures are made of. Stays when the conversation is erased, without words.
create table inbox_rounds (
  account_id uuid not null,
  conversation_id uuid not null,
  round integer not null,
  opened_at timestamptz not null,
  answered_at timestamptz,
  answer_ms bigint, -- to the first answer, opening time
  closed_at timestamptz,
  resolution_ms bigint,
  assignee text,
  team_id uuid,
  breached text[] not null default '{}',
  asked_at timestamptz, -- how we did
  rated_at timestamptz,
  score smallint check (score between 1 and 5),
  comment text,
  primary key (account_id, conversation_id, round)
);
create index inbox_rounds_opened on inbox_rounds (opened_at, account_id);

-- Answers under an idempotency key, for a day.
create table inbox_replies (
  account_id uuid not null,
  key text not null,
  fingerprint bytea not null,
  message_id uuid,
  at timestamptz not null,
  primary key (account_id, key)
);
create index inbox_replies_age on inbox_replies (at);
