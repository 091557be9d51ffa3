-- One row for each check as it was told; corrections are rows that replace it.
create table monitoring_checks (
  like fact including all,
  grid text collate "C" check (grid ~ '^[0-9]{17}$'),
  person uuid not null,
  household uuid,
  kind text not null,
  value numeric(8, 2),
  result text,
  measured_how text check (measured_how in ('armpit', 'ear', 'forehead', 'other')),
  symptoms jsonb check (jsonb_typeof(symptoms) = 'array'),
  proxy_name text,
  medication text,
  need text,
  note text,
  unit text,
  threshold numeric(4, 2),
  fever boolean not null,
  flags text[] not null,
  same_as uuid,
  verifier uuid,
  constraint monitoring_checks__id_taken primary key (community, id),
  constraint monitoring__unknown_person foreign key (community, person) references residents_persons (community, id),
  constraint monitoring__measured check (kind <> 'temperature' or value is not null)
);
create index monitoring_checks_person on monitoring_checks (community, person, occurred_at);
create index monitoring_checks_counted on monitoring_checks (community, counted_on);
create index monitoring_checks_occurred on monitoring_checks (community, occurred_at desc, id desc);
call keep('monitoring_checks', 'facts');

-- A doubt about checks of a person: it asks for a check by staff and changes nothing else.
create table monitoring_flags (
  community text collate "C" not null check (community ~ '^[0-9]{12}$'),
  id uuid not null,
  person uuid not null,
  household uuid,
  grid text collate "C",
  checks uuid[] not null,
  flags text[] not null,
  state text not null check (state in ('open', 'settled')),
  raised_at timestamptz(3) not null,
  settled_at timestamptz(3),
  settled_by uuid,
  settled_check uuid,
  settled_why text,
  constraint monitoring_flags__id_taken primary key (community, id),
  check ((state = 'settled') = (settled_at is not null and settled_by is not null))
);
create unique index monitoring_flags_one on monitoring_flags (community, person) where state = 'open';
call keep('monitoring_flags', 'records');

-- From fever or symptoms to the clinic and back, one step after the other.
create table monitoring_episodes (
  community text collate "C" not null check (community ~ '^[0-9]{12}$'),
  id uuid not null,
  person uuid not null,
  household uuid,
  grid text collate "C",
  opened_by uuid not null,
  opened_at timestamptz(3) not null,
  reasons text[] not null,
  state text not null check (state in ('recheck', 'confirmed', 'reported', 'referred', 'handedOver', 'resulted', 'cleared', 'backToObservation', 'becameCase', 'closedNotFever')),
  since timestamptz(3) not null,
  due_at timestamptz(3),
  result text check (result in ('excluded', 'otherIllness', 'suspected', 'confirmed')),
  certificate_year integer,
  certificate_no integer,
  certificate text,
  constraint monitoring_episodes__id_taken primary key (community, id)
);
create unique index monitoring_episodes_number on monitoring_episodes (community, certificate_year, certificate_no);
create unique index monitoring__episode_underway on monitoring_episodes (community, person)
  where state in ('recheck', 'confirmed', 'reported', 'referred', 'handedOver', 'resulted');
create index monitoring_episodes_due on monitoring_episodes (community, due_at) where due_at is not null;
create index monitoring_episodes_opened on monitoring_episodes (community, opened_at desc);
call keep('monitoring_episodes', 'records');

create table monitoring_steps (
  community text collate "C" not null check (community ~ '^[0-9]{12}$'),
  id uuid not null,
  episode uuid not null,
  at timestamptz(3) not null,
  by uuid not null,
  verb text not null,
  state text not null,
  whom text,
  said text,
  document text,
  evidence uuid[] not null,
  check_id uuid,
  late boolean not null,
  generation integer not null default linli_generation(),
  xid xid8 not null default pg_current_xact_id(),
  seq bigint generated always as identity,
  constraint monitoring_steps__id_taken primary key (community, id),
  constraint monitoring_steps_episode foreign key (community, episode) references monitoring_episodes (community, id)
);
create index monitoring_steps_of on monitoring_steps (community, episode, seq);
create index monitoring_steps_evidence on monitoring_steps using gin (evidence);
call keep('monitoring_steps', 'log');
