-- One row about this database. It comes before everything else: role names and the generation are read from it.
create table linli_meta (
  only_row boolean primary key default true constraint linli_meta__one_row check (only_row),
  data_id uuid not null,
  kind text not null constraint linli_meta__kind check (kind in ('real', 'demo')),
  role_prefix text not null,
  -- A restore or dump-and-load starts transaction ids anew: it raises the generation, see fact.generation.
  generation integer not null default 1,
  born_in text not null,
  -- False until the key ring of these data was opened once: only then may a ring be made.
  keys_made boolean not null default false
);
comment on table linli_meta is 'house: one row about this database';
grant select on linli_meta to public;
