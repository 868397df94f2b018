-- Autovacuum analysed these tables after every tenth row that came: half of what an import took. What no plan asks for is
-- left out of their statistics, and an import has them analysed itself as it ends.

alter table contacts
  alter column attributes set statistics 0,
  alter column name set statistics 0,
  alter column external_id set statistics 0,
  set (autovacuum_analyze_threshold = 20000, autovacuum_analyze_scale_factor = 0.3,
       autovacuum_vacuum_insert_threshold = 20000, autovacuum_vacuum_insert_scale_factor = 0.5);
alter index contacts_words alter column 1 set statistics 0;

alter table contact_addresses
  alter column key set statistics 0,
  alter column address set statistics 0,
  set (autovacuum_analyze_threshold = 40000, autovacuum_analyze_scale_factor = 0.3,
       autovacuum_vacuum_insert_threshold = 40000, autovacuum_vacuum_insert_scale_factor = 0.5);
