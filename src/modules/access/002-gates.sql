-- Entrances where somebody stands: they belong to a compound, a building, a co-operative or an organisation.
create table access_gates (
  community text collate "C" not null check (community ~ '^[0-9]{12}$'),
  id uuid not null,
  name text not null,
  belongs text not null check (belongs in ('compound', 'building', 'cooperative', 'organisation', 'road')),
  place uuid,
  place_name text not null,
  mode text not null check (mode in ('open', 'closed', 'inOnly', 'outOnly')),
  document text,
  since timestamptz(3) not null,
  changed_by uuid not null,
  constraint access_gates__id_taken primary key (community, id),
  constraint access__gate_there unique (community, place_name, name)
);
call keep('access_gates', 'records');

-- One row for each passage at a gate, refusals and emergencies too; corrections are rows that replace it.
create table access_passages (
  like fact including all,
  grid text collate "C" check (grid ~ '^([0-9]{14}|[0-9]{17})$'),
  gate uuid,
  gate_name text,
  direction text not null check (direction in ('in', 'out')),
  outcome text not null check (outcome in ('passed', 'refused', 'emergency')),
  who text not null,
  household uuid,
  pass text collate "C" check (pass ~ '^[0-9a-f]{24}$'),
  name text,
  room text,
  visits text,
  origin text,
  temperature numeric(4, 2) check (temperature between 20 and 50),
  recheck numeric(4, 2) check (recheck between 20 and 50),
  code_colour text check (code_colour in ('green', 'yellow', 'red', 'none')),
  code_issuer text,
  accompanying integer check (accompanying between 0 and 99),
  travel text,
  plate text,
  proxy_name text,
  why text,
  document text,
  objects boolean,
  remarks text,
  constraint access_passages__id_taken primary key (community, id),
  constraint access_passages_gate foreign key (community, gate) references access_gates (community, id),
  constraint access__refusal_needs_document check (outcome <> 'refused' or document is not null)
);
create index access_passages_counted on access_passages (community, counted_on);
create index access_passages_occurred on access_passages (community, occurred_at desc, id desc);
create index access_passages_household on access_passages (community, household, occurred_at);
call keep('access_passages', 'facts');

-- What somebody must look at: raised by a passage or by the guard, closed in words.
create table access_incidents (
  community text collate "C" not null check (community ~ '^[0-9]{12}$'),
  id uuid not null,
  kind text not null check (kind in ('emergency', 'temperature', 'tooLong', 'twice', 'rushed', 'objection')),
  gate uuid,
  gate_name text,
  passage uuid,
  household uuid,
  room text,
  said text,
  state text not null check (state in ('open', 'closed')),
  happened_at timestamptz(3) not null,
  raised_at timestamptz(3) not null,
  raised_by uuid not null,
  closed_at timestamptz(3),
  closed_by uuid,
  closed_said text,
  constraint access_incidents__id_taken primary key (community, id),
  check ((state = 'closed') = (closed_at is not null and closed_by is not null))
);
-- A passage raises each kind of incident once.
create unique index access_incidents_once on access_incidents (community, passage, kind);
create index access_incidents_newest on access_incidents (community, happened_at desc, id desc);
call keep('access_incidents', 'records');
create index access_passes_pass on access_passes (community, pass);
