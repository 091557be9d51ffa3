-- A campaign screens every household of an area for a time. `ends_on` is the day on which it was closed.
create table screening_campaigns (
  community text collate "C" not null check (community ~ '^[0-9]{12}$'),
  id uuid not null,
  title text not null,
  area text collate "C" not null check (area ~ '^([0-9]{12}|[0-9]{14}|[0-9]{17})$'),
  starts_on date not null,
  due_on date,
  ends_on date,
  form_version uuid,
  response uuid,
  state text not null check (state in ('open', 'closed')),
  opened_at timestamptz(3) not null,
  opened_by uuid not null,
  closed_at timestamptz(3),
  closed_by uuid,
  -- A report of a past instant must not know of campaigns that were opened later.
  generation integer not null default linli_generation(),
  xid xid8 not null default pg_current_xact_id(),
  constraint screening_campaigns__id_taken primary key (community, id),
  check (left(area, 12) = community),
  check (ends_on >= starts_on),
  check ((state = 'closed') = (ends_on is not null and closed_at is not null and closed_by is not null))
);
create unique index screening__already_open on screening_campaigns (community, area) where state = 'open';
call keep('screening_campaigns', 'records');

-- Somebody tried to reach a household: called, stood at the door, or left a notice there.
create table screening_attempts (
  like fact including all,
  campaign uuid not null,
  household uuid not null,
  dwelling uuid,
  outcome text not null check (outcome in ('reached', 'nobody', 'refused', 'vacant', 'moved')),
  parties jsonb not null check (jsonb_typeof(parties) = 'array'),
  note text,
  constraint screening_attempts__id_taken primary key (community, id),
  constraint screening__unknown_campaign foreign key (community, campaign) references screening_campaigns (community, id),
  constraint screening__unknown_household foreign key (community, household) references residents_households (community, id),
  check (how in ('phone', 'door', 'notice')),
  constraint screening__notice_reaches_nobody check (how <> 'notice' or outcome = 'nobody')
);
create index screening_attempts_household on screening_attempts (community, campaign, household);
create index screening_attempts_of on screening_attempts (community, household);
call keep('screening_attempts', 'facts');

-- What was said of one person in one attempt.
create table screening_statements (
  like fact including all,
  attempt uuid not null,
  campaign uuid not null,
  household uuid not null,
  person uuid not null,
  well boolean not null,
  symptoms jsonb not null check (jsonb_typeof(symptoms) = 'array'),
  answers jsonb not null check (jsonb_typeof(answers) = 'object'),
  constraint screening_statements__id_taken primary key (community, id),
  constraint screening__unknown_attempt foreign key (community, attempt) references screening_attempts (community, id),
  constraint screening__unknown_person foreign key (community, person) references residents_persons (community, id),
  check (well = (symptoms = '[]'))
);
create index screening_statements_attempt on screening_statements (community, attempt);
create index screening_statements_person on screening_statements (community, person);
create index screening_statements_unwell on screening_statements (community, campaign) where not well;
call keep('screening_statements', 'facts');

-- Persons who need a follow-up: back from elsewhere, contacts, visitors.
create table screening_key_persons (
  like fact including all,
  campaign uuid,
  attempt uuid,
  household uuid,
  person uuid not null,
  category text not null check (category in ('returnee', 'contact', 'visitor', 'other')),
  arrival text not null check (arrival in ('arrived', 'expected')),
  origin_code text,
  origin text,
  left_on date,
  arrived_on date,
  transport text,
  vehicle_no text,
  travel_reason text,
  source_risk text not null check (source_risk in ('high', 'medium', 'low', 'unknown')),
  policy_versions jsonb not null check (jsonb_typeof(policy_versions) = 'array'),
  symptoms jsonb not null check (jsonb_typeof(symptoms) = 'array'),
  note text,
  constraint screening_key_persons__id_taken primary key (community, id),
  constraint screening__unknown_campaign foreign key (community, campaign) references screening_campaigns (community, id),
  constraint screening__unknown_attempt foreign key (community, attempt) references screening_attempts (community, id),
  constraint screening__unknown_household foreign key (community, household) references residents_households (community, id),
  constraint screening__unknown_person foreign key (community, person) references residents_persons (community, id),
  check (arrived_on >= left_on)
);
create index screening_key_persons_person on screening_key_persons (community, person);
create index screening_key_persons_attempt on screening_key_persons (community, attempt);
call keep('screening_key_persons', 'facts');

-- How a key person is since: condition, what was decided elsewhere, whether and when gone.
create table screening_follow_ups (
  like fact including all,
  key_person uuid not null,
  person uuid not null,
  well boolean not null,
  symptoms jsonb not null check (jsonb_typeof(symptoms) = 'array'),
  measure text not null check (measure in ('none', 'homeObservation', 'observationPlace', 'hospitalIsolation', 'hospitalConfirmed')),
  place text,
  departed_on date,
  handed_over boolean not null,
  note text,
  constraint screening_follow_ups__id_taken primary key (community, id),
  constraint screening__unknown_key_person foreign key (community, key_person) references screening_key_persons (community, id),
  constraint screening__unknown_person foreign key (community, person) references residents_persons (community, id),
  check (well = (symptoms = '[]'))
);
create index screening_follow_ups_key_person on screening_follow_ups (community, key_person);
call keep('screening_follow_ups', 'facts');
