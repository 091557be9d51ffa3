-- Exports: who asked for which rows, for what, who approved it, what became of it. A longer one is made by a job and waits closed
-- under the community's keys until its requester takes it or its time is over.
create table export_runs (
  community text collate "C" not null constraint export_runs__community check (community ~ '^[0-9]{12}$'),
  id uuid not null,
  area text collate "C" not null,
  role text not null,
  contract text not null,
  account uuid not null,
  account_name text not null,
  session text not null,
  device uuid,
  input jsonb not null,
  filters jsonb not null,
  state text not null constraint export_runs__state check (
    state in ('waiting', 'queued', 'making', 'ready', 'done', 'refused', 'cancelled', 'failed', 'expired')),
  format text not null constraint export_runs__format check (format in ('xlsx', 'csv')),
  "full" boolean not null,
  purpose text,
  file_name text,
  rows integer not null,
  persons integer not null,
  made integer not null default 0,
  failure jsonb,
  requested_at timestamptz(3) not null,
  decided_by uuid,
  decided_at timestamptz(3),
  decision text,
  until timestamptz(3),
  fetched integer not null default 0,
  digest bytea not null,
  constraint export_runs__id_taken primary key (community, id)
);
create index export_runs_requested on export_runs (community, requested_at desc, id desc);
call keep('export_runs', 'records');

-- The file of a longer export, piece by piece. Can be made again.
create table export_parts (
  community text collate "C" not null constraint export_parts__community check (community ~ '^[0-9]{12}$'),
  run uuid not null,
  part integer not null,
  closed bytea not null,
  constraint export_parts__derived primary key (community, run, part),
  constraint exports__unknown foreign key (community, run) references export_runs (community, id)
);
call keep('export_parts', 'derived');

-- Looks outside the work are found by account and by hour.
create index audit_log_account on audit_log (community, account, at desc, id desc);
create index audit_looks_audit on audit_looks (community, audit);
