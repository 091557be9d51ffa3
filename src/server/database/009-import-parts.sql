-- An uploaded file in pieces: one alone is never many times in memory on its way in and out. `import_runs.file` says how long the whole is.
create table import_parts (
  community text collate "C" not null constraint import_parts__community check (community ~ '^[0-9]{12}$'),
  run uuid not null,
  part integer not null,
  closed bytea not null,
  constraint import_parts__derived primary key (community, run, part),
  constraint imports__unknown_run foreign key (community, run) references import_runs (community, id)
);
call keep('import_parts', 'derived');
comment on column import_parts.closed is 'closed: imports.part:{run}:{part}';
