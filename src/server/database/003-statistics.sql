-- After thousands of rows at once the planner must hear of them now: with numbers of before it would join every row with every row.
-- ANALYZE is the owner's; whoever loads may ask for it, for community tables only.
create function linli_analyze(tbl regclass) returns void language plpgsql security definer set search_path = pg_catalog, public as $$
begin
  if coalesce(obj_description(tbl, 'pg_class'), '') not like 'community %' then raise exception 'linli_analyze: % is no community table', tbl; end if;
  execute format('analyze %s', tbl);
end $$;
revoke all on function linli_analyze(regclass) from public;
do $$ begin execute format('grant execute on function linli_analyze(regclass) to %I', linli_role('app_user')); end $$;
