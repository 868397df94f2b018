-- While an erasure runs: what is looked for in events, and the last of them that was looked at. Both go as it ends.
alter table contact_erasures add column addresses text[] not null default '{}';
alter table contact_erasures add column looked uuid;

-- Messages older than their days that had not ended when the round came by: it asks for them again.
alter table contact_retention_marks add column left_over uuid[] not null default '{}';
