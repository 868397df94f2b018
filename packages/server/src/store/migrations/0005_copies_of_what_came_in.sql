-- By what a delivery is known that the network sends again because our answer was lost with the link: SMSCs give what
-- phones send no id. Rows live for minutes; parts of long messages are known by their own table.
create table inbound_seen (
  carrier_id uuid not null,
  fingerprint text not null, -- SHA-256 over the delivery, but for its sequence number
  session uuid not null,
  began timestamptz not null, -- of the session
  received_at timestamptz not null,
  primary key (carrier_id, fingerprint)
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_cost_delay = 0);
create index inbound_seen_age on inbound_seen (received_at);
