-- A copy of what a phone has sent is known by the message that it is a copy of, so nothing is written down beside it: that was a row and
-- two index entries for each message, and their deletion. `created_at` of such a message is the moment when it came from the wire.
alter table messages add column fingerprint uuid; -- of what came in: over the delivery, but for its sequence number
drop table inbound_seen;
