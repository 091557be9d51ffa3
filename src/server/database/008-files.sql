-- Photos and scans as rows: written in the transaction of their request, in every backup, closed under the community's keys.
-- What they are of stands in the record that names them; `of` says whose guard decides who may see them.
create table files (
  like fact including all,
  "of" text not null,
  type text not null constraint files__type check (type in ('jpeg', 'png', 'webp', 'pdf')),
  keep text not null constraint files__keep check (keep in ('register', 'response', 'work')),
  bytes integer not null check (bytes > 0),
  width integer,
  height integer,
  sha256 bytea not null,
  thumb bytea,
  constraint files__id_taken primary key (community, id)
);
call keep('files', 'facts');
comment on column files.thumb is 'closed: files.thumb:{id}';

-- The bytes in pieces, so that nobody who walks over rows has to hold many long files at once.
create table file_parts (
  community text collate "C" not null constraint file_parts__community check (community ~ '^[0-9]{12}$'),
  file uuid not null,
  part integer not null,
  closed bytea not null,
  constraint file_parts__known primary key (community, file, part),
  constraint files__unknown foreign key (community, file) references files (community, id)
);
call keep('file_parts', 'log');
comment on column file_parts.closed is 'closed: files.part:{file}:{part}';
