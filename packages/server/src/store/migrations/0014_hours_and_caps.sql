-- What accounts have decided about consent beside their topics, and what hours and caps need to be kept.

create table consent_rules (
  account_id uuid primary key references accounts,
  kept_elsewhere text, -- where consent to marketing is recorded if not here; null: it has to be here
  caps jsonb not null default '{}', -- {day | week | month: most}, for marketing to one person
  over_cap text not null default 'refuse' check (over_cap in ('refuse', 'defer')),
  hours jsonb not null default '[]', -- [{country, hours, holidays, instead, zones}]
  updated_at timestamptz not null
);

-- When a person was sent something that a cap counts, a row a person and scope; whoever counts holds the row.
create table consent_sends (
  account_id uuid not null,
  number_key bytea not null,
  scope uuid not null, -- a topic; all marketing: the account's own id
  sent bigint[] not null, -- milliseconds, of 30 days, also to come
  until date not null, -- after it no cap asks
  primary key (account_id, number_key, scope)
) with (fillfactor = 70);
create index consent_sends_until on consent_sends (until);

-- Ends of hours within which marketing was accepted: what still waits then is held until the hours begin again.
create table consent_closings (
  account_id uuid not null,
  closes_at timestamptz not null,
  primary key (account_id, closes_at)
);
create index consent_closings_due on consent_closings (closes_at);
