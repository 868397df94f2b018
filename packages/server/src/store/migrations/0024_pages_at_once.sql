-- Several pages of an audience are sent at once, each under the lock of its own row: that it is sent stands with it.
alter table contact_audience_pages add column sent boolean not null default false;
update contact_audience_pages p set sent = true from contact_audiences a
  where a.account_id = p.account_id and a.id = p.audience_id and p.page < a.page;
alter table contact_audiences rename column page to pages_sent;
