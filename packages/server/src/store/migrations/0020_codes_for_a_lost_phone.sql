-- Hashes of the recovery codes that are not used yet. Who had codes of an app before has none until they ask for some.
alter table users add column recovery bytea[] not null default '{}';
