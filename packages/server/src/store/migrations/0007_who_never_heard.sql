-- Submitted messages whose receipt never came are found by walking through the time of their acceptance. Ids rise as rows
-- are written, so a block range index finds an hour of them, and costs an insert next to nothing.
create index messages_time on messages using brin (id) with (pages_per_range = 32, autosummarize = on);

-- How far each walk has come, and how much it takes at a time: one for each age at which messages are looked at.
create table receipt_walks (
  age interval primary key,
  walked_to timestamptz not null,
  stride interval not null default '10 minutes'
);
insert into receipt_walks (age, walked_to)
  select age, now() - age - interval '1 hour' from unnest(array[
    interval '2 hours', '26 hours', '74 hours', '9 days', '400 days']) age;
