-- A handful of rows that change all the time were analysed every few seconds, and with each time every plan that touches them
-- was made anew on every connection: milliseconds each. They are found by key; how many there are says nothing.
do $$
declare
  name text;
begin
  foreach name in array array['event_cursors', 'binds', 'nodes', 'claims', 'consent_chains', 'keyword_days', 'receipt_walks'] loop
    execute format('alter table %I set (autovacuum_analyze_threshold = 2000000000)', name);
  end loop;
end $$;

-- Rounds stand in the order in which they were opened: figures of a time need a summary and no entry for each.
drop index inbox_rounds_opened;
create index inbox_rounds_opened on inbox_rounds using brin (opened_at) with (pages_per_range = 32, autosummarize = on);
