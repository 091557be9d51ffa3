-- What a household asked for, from the asking to the sign-off. Words of its own stand in the steps.
create table services_requests (
  community text collate "C" not null check (community ~ '^[0-9]{12}$'),
  id uuid not null,
  household uuid,
  person uuid,
  grid text collate "C" check (grid ~ '^[0-9]{17}$'),
  building uuid,
  number text collate "C" not null,
  category text collate "C" not null,
  urgency text collate "C" not null,
  people text,
  content text not null,
  budget numeric(10, 2) check (budget >= 0),
  payment text,
  channel text not null,
  asked_by uuid not null,
  asked_at timestamptz(3) not null,
  due_at timestamptz(3) not null,
  escalated_at timestamptz(3),
  state text not null check (state in ('asked', 'taken', 'bought', 'delivered', 'returned', 'closed', 'cancelled')),
  taken_by uuid,
  taken_at timestamptz(3),
  advanced_by text check (advanced_by in ('resident', 'helper', 'community')),
  amount numeric(10, 2) check (amount >= 0),
  receipts uuid[] not null default '{}',
  bought_at timestamptz(3),
  refunded_at timestamptz(3),
  refunded_by uuid,
  delivered_at timestamptz(3),
  delivered_by uuid,
  signed_by text,
  returned_why text,
  score integer check (score between 1 and 5),
  feedback text,
  feedback_at timestamptz(3),
  closed_at timestamptz(3),
  cancel_reason text,
  constraint services_requests__id_taken primary key (community, id),
  constraint services__number_taken unique (community, number),
  constraint services_requests_whose check (household is not null or person is not null),
  constraint services_requests_taken check (state in ('asked', 'cancelled') or taken_by is not null),
  constraint services_requests_delivered check (state not in ('delivered', 'closed') or signed_by is not null and delivered_at is not null)
);
create index services_requests_newest on services_requests (community, asked_at desc, id desc);
create index services_requests_open on services_requests (community, due_at) where state in ('asked', 'taken', 'bought', 'returned');
create index services_requests_household on services_requests (community, household);
create index services_requests_taken on services_requests (community, taken_by) where state in ('taken', 'bought', 'returned');
create index services_requests_receipts on services_requests using gin (receipts);
call keep('services_requests', 'records');

create table services_steps (
  community text collate "C" not null check (community ~ '^[0-9]{12}$'),
  id uuid not null,
  request uuid not null,
  verb text collate "C" not null,
  state text not null,
  at timestamptz(3) not null,
  by uuid not null,
  detail text,
  generation integer not null default linli_generation(),
  xid xid8 not null default pg_current_xact_id(),
  seq bigint generated always as identity,
  constraint services_steps__id_taken primary key (community, id),
  constraint services__unknown_request foreign key (community, request) references services_requests (community, id)
);
create index services_steps_request on services_steps (community, request, seq);
call keep('services_steps', 'log');

-- One wellness call or visit, also one that nobody answered.
create table services_calls (
  like fact including all,
  kind text not null check (kind in ('call', 'visit')),
  household uuid,
  person uuid,
  grid text collate "C" check (grid ~ '^[0-9]{17}$'),
  outcome text not null check (outcome in ('answered', 'noAnswer', 'refused')),
  mood text,
  note text,
  request uuid,
  constraint services_calls__id_taken primary key (community, id),
  constraint services_calls_whose check (household is not null or person is not null),
  constraint services__unknown_request foreign key (community, request) references services_requests (community, id)
);
create index services_calls_day on services_calls (community, counted_on);
create index services_calls_newest on services_calls (community, occurred_at desc, id desc);
create index services_calls_household on services_calls (community, household, occurred_at desc);
call keep('services_calls', 'facts');

-- One item handed over, with who took it. `source` is the record under which it was owed: an order, a request, a care file.
create table services_handouts (
  like fact including all,
  kind text not null check (kind in ('kit', 'supplies')),
  household uuid,
  person uuid,
  grid text collate "C" check (grid ~ '^[0-9]{17}$'),
  source uuid,
  item text not null,
  quantity double precision not null check (quantity > 0),
  received_by text not null,
  constraint services_handouts__id_taken primary key (community, id),
  constraint services_handouts_whose check (household is not null or person is not null)
);
create index services_handouts_day on services_handouts (community, counted_on);
create index services_handouts_source on services_handouts (community, source);
create index services_handouts_household on services_handouts (community, household, occurred_at desc);
call keep('services_handouts', 'facts');

-- One file for one family that is looked after, whether anybody there is observed or not.
create table services_care (
  community text collate "C" not null check (community ~ '^[0-9]{12}$'),
  id uuid not null,
  household uuid not null,
  grid text collate "C" check (grid ~ '^[0-9]{17}$'),
  category text collate "C" not null,
  needs text,
  carer uuid not null,
  assessment text,
  referral text,
  cadence jsonb not null,
  policy_versions uuid[] not null,
  state text not null check (state in ('open', 'closed')),
  opened_by uuid not null,
  opened_at timestamptz(3) not null,
  starts_on date not null,
  closed_by uuid,
  closed_at timestamptz(3),
  close_reason text,
  constraint services_care__id_taken primary key (community, id)
);
create unique index services__cared_for_already on services_care (community, household) where state = 'open';
create index services_care_newest on services_care (community, opened_at desc, id desc);
call keep('services_care', 'records');

-- A case of counselling: who is counselled and by whom. What was spoken of stands closed in its sessions.
create table services_cases (
  community text collate "C" not null check (community ~ '^[0-9]{12}$'),
  id uuid not null,
  household uuid,
  person uuid,
  grid text collate "C" check (grid ~ '^[0-9]{17}$'),
  why text collate "C" not null,
  counsellor uuid not null,
  state text not null check (state in ('open', 'closed')),
  opened_by uuid not null,
  opened_at timestamptz(3) not null,
  closed_at timestamptz(3),
  constraint services_cases__id_taken primary key (community, id),
  constraint services_cases_whose check (household is not null or person is not null)
);
create index services_cases_newest on services_cases (community, opened_at desc, id desc);
create index services_cases_counsellor on services_cases (community, counsellor);
call keep('services_cases', 'records');

create table services_sessions (
  like fact including all,
  case_id uuid not null,
  place text not null check (place in ('door', 'phone', 'video', 'room')),
  minutes integer not null check (minutes > 0),
  note bytea,
  constraint services_sessions__id_taken primary key (community, id),
  constraint services__unknown_case foreign key (community, case_id) references services_cases (community, id)
);
comment on column services_sessions.note is 'closed: services.session:{id}';
create index services_sessions_case on services_sessions (community, case_id, occurred_at);
call keep('services_sessions', 'facts');
