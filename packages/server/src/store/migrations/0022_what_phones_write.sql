-- What a message that comes in cost beside its rows.

-- Autovacuum analysed these tables after every tenth row that came, a fifth of the database's time while they are young.
-- Plans go by key and ask for no statistics; figures and segments do, and theirs are good enough when a third is new.
do $$
declare
  name text;
begin
  foreach name in array array['inbox_conversations', 'inbox_addresses', 'inbox_entries', 'inbox_words', 'inbox_rounds',
    'keyword_uses', 'consent_ledger', 'consent_details', 'consent_state'] loop
    execute format('alter table %I set (autovacuum_analyze_threshold = 20000, autovacuum_analyze_scale_factor = 0.3,
      autovacuum_vacuum_insert_threshold = 100000, autovacuum_vacuum_insert_scale_factor = 0.5)', name);
  end loop;
end $$;

-- `'@' || account` depends on settings in the eyes of PostgreSQL, and so the function was run for each text by itself, at
-- twice the price of what is in it. As a cast it becomes part of the statement.
create or replace function inbox_words_of(account uuid, body text) returns tsvector language sql immutable parallel safe as $$
  select to_tsvector('german', body) || to_tsvector('english', body) || to_tsvector('simple', body)
    || array_to_tsvector(array['@' || account::text])
$$;

-- The words of a conversation are found by its entries.
drop index inbox_words_conversation;

-- In this order the key itself finds addresses by their beginning.
drop index inbox_addresses_prefix;
alter table inbox_addresses alter column address type text collate "C";
