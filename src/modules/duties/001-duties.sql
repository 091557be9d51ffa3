-- One row for each duty, never one for each slot: slots follow from the cadence.
create table duties_duties (
  community text collate "C" not null check (community ~ '^[0-9]{12}$'),
  id uuid not null,
  kind text collate "C" not null,
  subject_kind text not null check (subject_kind in ('person', 'household', 'building', 'unit', 'place')),
  subject uuid not null,
  source text collate "C" not null,
  source_id uuid not null,
  cadence jsonb not null,
  starts_on date not null,
  starts_at timestamptz(3) not null,
  last_day date,
  ended_at timestamptz(3),
  ended_why text,
  grid text collate "C" check (grid ~ '^[0-9]{17}$'),
  building uuid,
  dwelling uuid,
  policy_versions uuid[] not null,
  recorded_at timestamptz(3) not null,
  recorded_by uuid not null,
  constraint duties_duties__id_taken primary key (community, id),
  constraint duties__unknown_building foreign key (community, building) references territory_buildings (community, id),
  constraint duties__unknown_dwelling foreign key (community, dwelling) references territory_dwellings (community, id)
);
-- What runs now, by grid; what has passed its last day drops out of the range.
create index duties_duties_running on duties_duties (community, grid, coalesce(last_day, 'infinity'::date)) where ended_at is null;
create index duties_duties_subject on duties_duties (community, subject, kind);
create index duties_duties_source on duties_duties (community, source_id);
create unique index duties__runs_already on duties_duties (community, source_id, kind, subject) where ended_at is null;
call keep('duties_duties', 'records');

-- How long a duty runs, as it was known from an instant on.
create table duties_terms (
  like link including all,
  last_day date,
  ended boolean not null,
  constraint duties_terms__id_taken primary key (community, id),
  constraint duties__unknown foreign key (community, subject) references duties_duties (community, id)
);
call keep('duties_terms', 'links');

-- Whose duty it is by name; nobody named: whoever answers for its grid.
create table duties_owners (
  like link including all,
  account uuid,
  constraint duties_owners__id_taken primary key (community, id),
  constraint duties__unknown foreign key (community, subject) references duties_duties (community, id)
);
create index duties_owners_account on duties_owners (community, account) where account is not null;
call keep('duties_owners', 'links');

-- What settled a slot.
create table duties_doings (
  like fact including all,
  duty uuid not null,
  day date not null,
  slot text collate "C" not null,
  outcome text not null check (outcome in ('done', 'excused')),
  record uuid,
  record_kind text,
  excuse text,
  constraint duties_doings__id_taken primary key (community, id),
  constraint duties_doings__outcome check (outcome = 'excused' and excuse is not null or outcome = 'done' and record is not null),
  constraint duties__unknown foreign key (community, duty) references duties_duties (community, id)
);
create index duties_doings_slot on duties_doings (community, duty, day, slot);
create index duties_doings_day on duties_doings (community, day);
create index duties_doings_record on duties_doings (community, record) where record is not null;
call keep('duties_doings', 'facts');

-- Who was told of a slot that is not done: each level once.
create table duties_escalations (
  community text collate "C" not null check (community ~ '^[0-9]{12}$'),
  duty uuid not null,
  day date not null,
  slot text collate "C" not null,
  level text collate "C" not null check (level in ('owner', 'gridLeader', 'communitySecretary')),
  at timestamptz(3) not null,
  constraint duties_escalations__known primary key (community, duty, day, slot, level),
  constraint duties__unknown foreign key (community, duty) references duties_duties (community, id)
);
call keep('duties_escalations', 'log');
