-- Ids that providers give to what phones send: the same id again is a copy, however much later.
create table inbound_ids (
  carrier_id uuid not null,
  remote_id text not null,
  received_at timestamptz not null,
  primary key (carrier_id, remote_id)
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
create index inbound_ids_age on inbound_ids (received_at);
