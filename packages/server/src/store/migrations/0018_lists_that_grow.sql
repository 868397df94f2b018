-- Lists that are appended to and read whole are text: the elements of a JSON array, each with a comma behind it. To append is
-- then to append: as jsonb the new elements were parsed and the list built again, a tenth of what a message cost here.

create function json_list(listed text) returns jsonb language sql immutable parallel safe as $$
  select ('[' || rtrim(listed, ',') || ']')::jsonb
$$;

create function as_listed(list jsonb) returns text language sql immutable parallel safe as $$
  select coalesce(string_agg(element::text || ',', '' order by place), '') from jsonb_array_elements(list) with ordinality as l(element, place)
$$;
alter table messages alter column timeline drop default, alter column timeline type text using as_listed(timeline),
  alter column timeline set default '';
alter table segments alter column receipts drop default, alter column receipts type text using as_listed(receipts),
  alter column receipts set default '';
drop function as_listed;
