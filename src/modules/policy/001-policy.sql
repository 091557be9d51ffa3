-- Rules and responses: area tables, read by every level below, without anything personal.
create table policy_packs (
  area_code text collate "C" not null check (area_code ~ '^[0-9A-Z]+$'),
  id uuid not null,
  title text not null,
  disease text,
  origin text,
  created_at timestamptz(3) not null,
  constraint policy_packs__id_taken primary key (area_code, id)
);
call keep('policy_packs', 'area');

create table policy_versions (
  area_code text collate "C" not null check (area_code ~ '^[0-9A-Z]+$'),
  id uuid not null,
  pack uuid not null,
  number integer not null,
  effective_from timestamptz(3) not null,
  effective_to timestamptz(3),
  document text not null,
  level text,
  -- json, not jsonb: the order of a form's choices is part of it, and jsonb sorts them by the length of their codes.
  values json not null check (json_typeof(values) = 'object'),
  sources json not null check (json_typeof(sources) = 'object'),
  author uuid not null,
  recorded_at timestamptz(3) not null,
  approved_by uuid,
  approved_at timestamptz(3),
  constraint policy_versions__id_taken primary key (area_code, id),
  constraint policy__number_taken unique (area_code, pack, number),
  constraint policy__unknown_pack foreign key (area_code, pack) references policy_packs (area_code, id),
  constraint policy__wrong_period check (effective_to is null or effective_to > effective_from),
  constraint policy__second_person_needed check (approved_by is null or approved_by <> author),
  check ((approved_by is null) = (approved_at is null))
);
call keep('policy_versions', 'area');

create table policy_responses (
  area_code text collate "C" not null check (area_code ~ '^[0-9A-Z]+$'),
  id uuid not null,
  disease text not null,
  class text not null check (class in ('A', 'BasA', 'B', 'C', 'newOrUnknown')),
  level text,
  government text not null,
  document text not null,
  starts_on date not null,
  review_on date not null,
  ends_on date,
  end_document text,
  state text not null check (state in ('proposed', 'active', 'ended')),
  proposed_by uuid not null,
  proposed_at timestamptz(3) not null,
  activated_by uuid,
  activated_at timestamptz(3),
  ended_by uuid,
  constraint policy_responses__id_taken primary key (area_code, id),
  constraint policy__second_person_needed check (activated_by is null or activated_by <> proposed_by),
  check (state <> 'active' or activated_by is not null),
  check ((activated_by is null) = (activated_at is null)),
  check (state <> 'ended' or ends_on is not null)
);
call keep('policy_responses', 'area');
