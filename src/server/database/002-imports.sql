-- Imports on their way: the file and what was read from it, closed under the community's keys and purged as soon as nobody needs them.
create table import_runs (
  community text collate "C" not null constraint import_runs__community check (community ~ '^[0-9]{12}$'),
  id uuid not null,
  importing text not null,
  state text not null constraint import_runs__state check (state in ('reading', 'ready', 'committing', 'done', 'failed', 'cancelled')),
  file_name text not null,
  file bytea,
  total integer not null default 0,
  fresh integer not null default 0,
  unchanged integer not null default 0,
  refused integer not null default 0,
  done integer not null default 0,
  failure jsonb,
  left_aside text[] not null default '{}',
  recorded_at timestamptz(3) not null,
  recorded_by uuid not null,
  committed_by uuid,
  ended_at timestamptz(3),
  digest bytea not null,
  constraint import_runs__id_taken primary key (community, id)
);
create index import_runs_recorded on import_runs (community, importing, recorded_at desc, id desc);
call keep('import_runs', 'records');

-- Can be read from the file again.
create table import_rows (
  community text collate "C" not null constraint import_rows__community check (community ~ '^[0-9]{12}$'),
  run uuid not null,
  row integer not null,
  outcome text not null constraint import_rows__outcome check (outcome in ('new', 'unchanged', 'refused')),
  closed bytea not null,
  constraint import_rows__derived primary key (community, run, row),
  constraint imports__unknown_run foreign key (community, run) references import_runs (community, id)
);
create index import_rows_outcome on import_rows (community, run, outcome, row);
call keep('import_rows', 'derived');
