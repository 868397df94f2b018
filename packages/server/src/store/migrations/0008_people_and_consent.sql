-- What a message is about: consent hangs on it. Few messages have one, so nothing looks them up by it.
alter table messages add column topic_id uuid;

-- What the installation as such must keep, whatever the accounts: its secret, unless the operator brings one.
create table installation (
  name text primary key,
  value bytea not null
);

-- A key that could do everything there was can do everything there is.
update api_keys set scopes = scopes || '{contacts,consent,keywords,inbox,users}'
  where scopes @> '{messages:write,messages:read,webhooks,events,keys,operate}' and not scopes && '{contacts,consent,keywords,inbox,users}';
