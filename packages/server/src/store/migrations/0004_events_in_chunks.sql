-- Events are stored by the chunk: what one statement tells is one row. The first event of a chunk has its id and its
-- number, the others count on from there (never past 4096), so an event is found by its id and needs no row of its own.

create table event_chunks (
  id uuid not null, -- UUIDv7; its last 12 bits leave room to count
  xid xid8 not null default pg_current_xact_id(),
  seq bigint not null generated always as identity (start 4096 increment 4096),
  accounts uuid[] not null, -- whose events may be in it
  names text[] not null, -- and which
  count smallint not null,
  events text not null, -- a line an event: name, account and payload as JSON, with a space between
  at timestamptz not null,
  primary key (id)
) partition by range (id);
create index event_chunks_order on event_chunks (xid, seq);

create or replace function ensure_partitions(from_month date, months integer) returns void language plpgsql set timezone to 'UTC' as $$
declare
  parent text;
  month date;
  floor_of uuid;
  ceiling_of uuid;
  -- Two further versions of each message and one of each segment find room on the same page, so that no index is
  -- written for them. Thresholds are high: at the defaults a young partition is vacuumed without end. Plans are by
  -- key and want no statistics: to gather them took 3 % of the database's time.
  calm text := 'autovacuum_vacuum_threshold = 100000, autovacuum_vacuum_insert_threshold = 200000, autovacuum_analyze_threshold = 2000000000';
  options_of jsonb := jsonb_build_object(
    'messages', 'fillfactor = 40, ' || calm, 'segments', 'fillfactor = 45, ' || calm, 'event_chunks', calm);
begin
  foreach parent in array array['messages', 'segments', 'event_chunks'] loop
    for step in 0..months - 1 loop
      month := (date_trunc('month', from_month) + make_interval(months => step))::date;
      floor_of := uuidv7_floor(month);
      ceiling_of := uuidv7_floor((month + interval '1 month')::date);
      execute format(
        'create table if not exists %I partition of %I for values from (%L) to (%L) with (%s)',
        parent || to_char(month, '_YYYY_MM'), parent, floor_of, ceiling_of, options_of ->> parent);
    end loop;
  end loop;
end $$;

-- What there is: each event a chunk of its own, under its id.
do $$
declare
  oldest timestamptz;
  month date;
begin
  select min(at) into oldest from events;
  if oldest is null then return; end if;
  month := date_trunc('month', oldest - interval '1 day');
  perform ensure_partitions(month, 15 + (extract(year from age(now(), oldest)) * 12)::integer);
  insert into event_chunks (id, xid, seq, accounts, names, count, events, at) overriding system value
    select id, xid, seq * 4096, array[account_id], array[name], 1, name || ' ' || account_id || ' ' || payload, at from events;
  perform setval(pg_get_serial_sequence('event_chunks', 'seq'), (select max(seq) * 4096 from events));
end $$;
update event_cursors set seq = seq * 4096;
drop table events;

-- One event by its id.
create function event_of(event uuid) returns table (account_id uuid, name text, payload text, at timestamptz) language sql stable as $$
  with chunk as (select c.* from event_chunks c where c.id <= event order by c.id desc limit 1),
  found as (
    select c.at, split_part(c.events, E'\n', place.number) as line
    from chunk c cross join lateral (
      select ('x' || right(event::text, 3))::bit(12)::integer - ('x' || right(c.id::text, 3))::bit(12)::integer + 1 as number) place
    where left(c.id::text, 33) = left(event::text, 33) and place.number between 1 and c.count)
  select split_part(line, ' ', 2)::uuid, split_part(line, ' ', 1), substr(line, length(split_part(line, ' ', 1)) + 39), at from found
$$;

-- For people and their reports: a row an event. Programs read by the chunk, in the order of (xid, seq).
create view events as
  select split_part(l.line, ' ', 2)::uuid as account_id,
    (left(c.id::text, 33) || lpad(to_hex(('x' || right(c.id::text, 3))::bit(12)::integer + l.number::integer - 1), 3, '0'))::uuid as id,
    c.xid, c.seq + l.number - 1 as seq, split_part(l.line, ' ', 1) as name,
    substr(l.line, length(split_part(l.line, ' ', 1)) + 39)::jsonb as payload, c.at
  from event_chunks c cross join lateral string_to_table(c.events, E'\n') with ordinality as l(line, number);
