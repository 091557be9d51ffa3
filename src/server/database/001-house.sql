-- What every table of the house leans on: who may do what by role, the shapes of facts and links, the audit log.
-- Role names are prefixed with the database's name at birth; clones and restores keep that prefix, so it is read from linli_meta.

create function linli_role(purpose text) returns text language sql stable
  return (select role_prefix || '_' || purpose from linli_meta);
create function linli_generation() returns integer language sql stable
  return (select generation from linli_meta);

-- The shape of a fact. Tables of facts are made `like fact including all`.
create table fact (
  community text collate "C" not null constraint fact__community check (community ~ '^[0-9]{12}$'),
  id uuid not null,
  root uuid not null,
  occurred_at timestamptz(3) not null,
  counted_on date not null,
  recorded_at timestamptz(3) not null,
  recorded_by uuid not null,
  device uuid,
  how text not null,
  device_at timestamptz(3),
  offset_before bigint,
  offset_after bigint,
  tick bigint,
  run uuid,
  clock_doubt text,
  replaces uuid,
  reason text,
  withdrawn boolean not null default false,
  digest bytea not null,
  generation integer not null default linli_generation(),
  xid xid8 not null default pg_current_xact_id(),
  seq bigint generated always as identity
);
comment on table fact is 'house: the shape of facts, always empty';

-- The shape of a dated link: from `since` on, `subject` stands with the target that the table names; the last one wins.
create table link (
  community text collate "C" not null constraint link__community check (community ~ '^[0-9]{12}$'),
  id uuid not null,
  subject uuid not null,
  since timestamptz(3) not null,
  recorded_at timestamptz(3) not null,
  recorded_by uuid not null,
  why text,
  generation integer not null default linli_generation(),
  xid xid8 not null default pg_current_xact_id(),
  seq bigint generated always as identity
);
comment on table link is 'house: the shape of dated links, always empty';

-- Sets the guard of a table by its kind, grants what the kind allows, and writes the kind into the comment.
--   facts, links: community tables, added to and read, never changed
--   log:          community tables of what was done and looked at, added to and read
--   records:      community tables of things with a life
--   derived:      community tables that can be computed again
--   area:         no personal data; a level reads what was decided above it
create procedure keep(tbl regclass, kind text) language plpgsql as $$
declare
  app text := linli_role('app_user');
  scope text := 'nullif(current_setting(''app.scope'', true), '''')';
  own text;
  seen text;
  allowed text := case kind when 'facts' then 'select, insert' when 'links' then 'select, insert'
    when 'log' then 'select, insert'
    when 'records' then 'select, insert, update' when 'derived' then 'select, insert, update, delete'
    when 'area' then 'select, insert, update' end;
  code text := case kind when 'area' then 'area_code' else 'community' end;
begin
  if allowed is null then raise exception 'keep: % is no kind of table', kind; end if;
  own := format('%I >= %s and %I < %s || ''~''', code, scope, code, scope);
  seen := case kind when 'area' then format(
    '%s or (%s is not null and area_code in (left(%s, 2), left(%s, 4), left(%s, 6), left(%s, 9), left(%s, 12), left(%s, 14)))',
    own, scope, scope, scope, scope, scope, scope, scope) else own end;
  execute format('alter table %s enable row level security', tbl);
  execute format('alter table %s force row level security', tbl);
  execute format('create policy scope on %s to %I using (%s) with check (%s)', tbl, app, seen, own);
  execute format('create policy report on %s for select to %I using (%s)', tbl, linli_role('report'),
    replace(own, scope, '(select ' || scope || ')'));
  execute format('create policy keeper on %s to %I using (current_setting(''app.maintenance'', true) = ''on'') with check (current_setting(''app.maintenance'', true) = ''on'')', tbl, linli_role('keeper'));
  execute format('create policy retention on %s to %I using (current_setting(''app.maintenance'', true) = ''on'')', tbl, linli_role('retention'));
  execute format('grant %s on %s to %I', allowed, tbl, app);
  execute format('grant select on %s to %I', tbl, linli_role('report'));
  execute format('grant select, insert, update, delete on %s to %I', tbl, linli_role('keeper'));
  execute format('grant select, delete on %s to %I', tbl, linli_role('retention'));
  if kind in ('facts', 'links') then
    execute format('create index %I on %s (community, generation, xid, seq)', tbl::text || '_cursor', tbl);
  end if;
  if kind = 'facts' then
    execute format('alter table %s add constraint %I unique (community, replaces)', tbl, tbl::text || '__replaced_already');
    execute format('create index %I on %s (community, root)', tbl::text || '_root', tbl);
  end if;
  if kind = 'links' then
    execute format('create index %I on %s (community, subject, since)', tbl::text || '_subject', tbl);
  end if;
  execute format('comment on table %s is %L', tbl, case kind when 'area' then 'area' else 'community ' || kind end);
end $$;

-- Every command, refusal and look. Ids and keyed digests, never values.
create table audit_log (
  community text collate "C" not null,
  id uuid not null,
  at timestamptz(3) not null,
  account uuid not null,
  session text not null,
  device uuid,
  role text not null,
  area text collate "C" not null,
  contract text not null,
  outcome text not null constraint audit_log__outcome check (outcome in ('done', 'before', 'refused', 'looked')),
  problem text,
  record uuid,
  input_digest bytea,
  shown integer,
  purpose text,
  generation integer not null default linli_generation(),
  xid xid8 not null default pg_current_xact_id(),
  seq bigint generated always as identity,
  constraint audit_log__id_taken primary key (community, id)
);
create index audit_log_at on audit_log (community, at desc, id desc);
create index audit_log_cursor on audit_log (community, generation, xid, seq);
call keep('audit_log', 'log');

create table audit_looks (
  community text collate "C" not null,
  person uuid not null,
  audit uuid not null,
  at timestamptz(3) not null,
  constraint audit_looks__id_taken primary key (community, person, audit)
);
create index audit_looks_at on audit_looks (community, person, at desc);
call keep('audit_looks', 'log');

-- What was asked once is answered, not done, twice. Rows older than 60 days are swept by the retention role.
create table idempotency_keys (
  community text collate "C" not null,
  account uuid not null,
  contract text not null,
  key uuid not null,
  digest bytea not null,
  at timestamptz(3) not null,
  constraint idempotency_keys__known primary key (community, account, contract, key)
);
call keep('idempotency_keys', 'records');
