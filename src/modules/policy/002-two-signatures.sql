-- Drafts, second signatures and refusals; what happens to a response after it began, each step by two persons.
alter table policy_versions
  add column submitted_at timestamptz(3),
  add column correction text,
  add column refused_by uuid,
  add column refused_at timestamptz(3),
  add column refusal text,
  add column dropped_at timestamptz(3),
  add constraint policy__wrong_signature check (approved_at is null or (submitted_at is not null and dropped_at is null)) not valid,
  add constraint policy__refusal_by_author check (refused_by is null or refused_by <> author),
  add check ((refused_by is null) = (refused_at is null) and (refused_by is null) = (refusal is null));

alter table policy_responses add column refusal text;

create table policy_response_moves (
  area_code text collate "C" not null check (area_code ~ '^[0-9A-Z]+$'),
  id uuid not null,
  response uuid not null,
  verb text not null check (verb in ('extend', 'level', 'end')),
  document text not null,
  from_day date not null,
  review_on date,
  level text,
  proposed_by uuid not null,
  proposed_at timestamptz(3) not null,
  decided_by uuid,
  decided_at timestamptz(3),
  outcome text check (outcome in ('approved', 'refused', 'dropped')),
  reason text,
  constraint policy_response_moves__id_taken primary key (area_code, id),
  constraint policy__unknown_response foreign key (area_code, response) references policy_responses (area_code, id),
  constraint policy__second_person_needed check (outcome is null or outcome = 'dropped' or decided_by <> proposed_by),
  check ((outcome is null) = (decided_by is null) and (outcome is null) = (decided_at is null)),
  check ((verb = 'extend') = (review_on is not null)),
  check (outcome <> 'refused' or reason is not null)
);
-- Two changes that wait at once would not know of each other.
create unique index policy__move_waits on policy_response_moves (area_code, response) where outcome is null;
call keep('policy_response_moves', 'area');
