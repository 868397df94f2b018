-- Answers of agents stand under their idempotency keys where all others do.
drop table inbox_replies;
