-- Passes on record. The signed text is not kept: it is signed again from these columns when a card is printed.
create table access_passes (
  community text collate "C" not null check (community ~ '^[0-9]{12}$'),
  id uuid not null,
  pass text collate "C" not null check (pass ~ '^[0-9a-f]{24}$'),
  key_id text collate "C" not null check (key_id ~ '^[0-9a-f]{8}$'),
  short_code text collate "C" not null,
  household uuid not null,
  kind text collate "C" not null,
  first_day date not null,
  days integer not null check (days between 1 and 366),
  proxy_name text,
  grid text collate "C" check (grid ~ '^[0-9]{17}$'),
  building uuid,
  state text not null check (state in ('good', 'lost', 'lent', 'movedOut', 'replaced')),
  batch uuid not null,
  issued_at timestamptz(3) not null,
  issued_by uuid not null,
  stopped_at timestamptz(3),
  stopped_by uuid,
  constraint access_passes__id_taken primary key (community, id),
  constraint access__code_taken unique (community, short_code),
  constraint access_passes_household foreign key (community, household) references residents_households (community, id),
  constraint access_passes_stopped check ((state = 'good') = (stopped_at is null) and (stopped_at is null) = (stopped_by is null))
);
create index access_passes_newest on access_passes (community, issued_at desc, id desc);
create index access_passes_household on access_passes (community, household);
create index access_passes_building on access_passes (community, building);
create index access_passes_batch on access_passes (community, batch);
call keep('access_passes', 'records');
