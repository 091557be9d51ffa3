-- Nobody who works through the door may delete a fact. A file that no record came to name is the one exception, and it is the
-- retention role that deletes: this function runs as that role, and judges for itself what is named.
do $$ begin
  execute format('grant create on schema public to %I', linli_role('retention'));
  execute format('set local role %I', linli_role('retention'));
end $$;

-- Files of a community, recorded before `before`, whose id stands in no column of ids of any table of communities. Whatever a
-- module will call its column of photos, it is looked at; a column of other ids beside it keeps nothing that it should not.
create function linli_forget_files(of_community text, before timestamptz) returns setof uuid
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  named text;
begin
  if of_community !~ '^[0-9]{12}$' or not starts_with(of_community, nullif(current_setting('app.scope', true), '')) is true then
    raise exception 'linli_forget_files: out of scope';
  end if;
  select string_agg(format('select unnest(%I) as id from %s where community = $1', a.attname, c.oid::regclass), ' union all ') into named
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  where n.nspname = 'public' and c.relkind = 'r' and a.atttypid = 'uuid[]'::regtype and obj_description(c.oid, 'pg_class') like 'community%';
  if named is null then raise exception 'linli_forget_files: no record names files here'; end if;
  perform set_config('app.maintenance', 'on', true);
  return query execute format('
    with gone as materialized (select f.id from files f where f.community = $1 and f.recorded_at < $2
      and not exists (select from (%s) as named where named.id = f.id)),
    pieces as (delete from file_parts p using gone g where p.community = $1 and p.file = g.id)
    delete from files f using gone g where f.community = $1 and f.id = g.id returning f.id', named) using of_community, before;
  perform set_config('app.maintenance', '', true);
end $$;
revoke all on function linli_forget_files(text, timestamptz) from public;

do $$ begin
  execute format('grant execute on function linli_forget_files(text, timestamptz) to %I', linli_role('app_user'));
  execute format('set local role %I', linli_role('owner'));
  execute format('revoke create on schema public from %I', linli_role('retention'));
end $$;
