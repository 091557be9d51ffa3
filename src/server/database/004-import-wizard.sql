-- Imports that are understood, corrected by hand, and undone: which column was taken for what, which commit wrote the rows, what is remembered.
alter table import_runs drop constraint import_runs__state;
alter table import_runs add constraint import_runs__state
  check (state in ('reading', 'mapping', 'ready', 'committing', 'done', 'failed', 'cancelled', 'undoing', 'undone'));
alter table import_runs
  add column questionable integer not null default 0,
  -- The proposal and what somebody made of it, closed: samples are of persons.
  add column proposal bytea,
  add column remembered boolean not null default false,
  -- The commit that wrote the rows: everything of that transaction is what an undo takes back.
  add column written_generation integer,
  add column written_xid xid8,
  add column undone_at timestamptz(3),
  add column undone_by uuid,
  add column undone_why text;

-- Rows stand in the order of the file, over all its sheets. Can be read from the file again.
drop table import_rows;
create table import_rows (
  community text collate "C" not null constraint import_rows__community check (community ~ '^[0-9]{12}$'),
  run uuid not null,
  place integer not null,
  outcome text not null constraint import_rows__outcome check (outcome in ('new', 'unchanged', 'refused')),
  questionable boolean not null,
  closed bytea not null,
  constraint import_rows__derived primary key (community, run, place),
  constraint imports__unknown_run foreign key (community, run) references import_runs (community, id)
);
create index import_rows_outcome on import_rows (community, run, outcome, place);
create index import_rows_questionable on import_rows (community, run, place) where questionable;
call keep('import_rows', 'derived');

-- What somebody made of a sheet with these heads: the next file of the same source is read alike.
create table import_sources (
  community text collate "C" not null constraint import_sources__community check (community ~ '^[0-9]{12}$'),
  importing text not null,
  signature bytea not null,
  -- Which column is taken for what; no words of the file.
  choice jsonb not null,
  recorded_at timestamptz(3) not null,
  recorded_by uuid not null,
  constraint import_sources__derived primary key (community, importing, signature)
);
call keep('import_sources', 'derived');
