-- Who of a household, or for somebody, looks at the own page; the codes that lead there; what is objected to and asked to be corrected.
create table family_views (
  community text collate "C" not null check (community ~ '^[0-9]{12}$'),
  id uuid not null,
  kind text not null check (kind in ('member', 'proxy')),
  person uuid not null,
  household uuid,
  grid text collate "C",
  proxy_name text,
  proxy_tie text,
  shared uuid[] not null default '{}',
  results boolean not null default false,
  off_at timestamptz(3),
  off_by uuid,
  issued_by uuid not null,
  issued_at timestamptz(3) not null,
  ended_at timestamptz(3),
  ended_by uuid,
  constraint family_views__id_taken primary key (community, id),
  constraint family_views_proxy check ((kind = 'proxy') = (proxy_name is not null))
);
-- A member has one view; proxies may be several.
create unique index family__has_one_already on family_views (community, person) where kind = 'member' and ended_at is null;
create index family_views_newest on family_views (community, issued_at desc, id desc);
create index family_views_household on family_views (community, household);
call keep('family_views', 'records');

create table family_codes (
  community text collate "C" not null,
  id uuid not null,
  view uuid not null,
  -- Both forms of the code, closed, so that the paper can be printed again.
  closed bytea not null,
  qr_digest bytea not null,
  typed_digest bytea not null,
  typed_until timestamptz(3) not null,
  typed_used_at timestamptz(3),
  -- The first use: which browser asks, and the number that the worker reads from it.
  ticket_digest bytea,
  number text check (number ~ '^[0-9]{4}$'),
  ticket_until timestamptz(3),
  confirmed_by uuid,
  confirmed_at timestamptz(3),
  pin_hash bytea,
  pin_salt bytea,
  opened_at timestamptz(3),
  failures integer not null default 0,
  -- Wrong PINs since it was made: a right one in between does not take them back.
  missed integer not null default 0,
  locked_at timestamptz(3),
  made_by uuid not null,
  made_at timestamptz(3) not null,
  ended_at timestamptz(3),
  ended_by uuid,
  constraint family_codes__id_taken primary key (community, id),
  constraint family_codes_view foreign key (community, view) references family_views (community, id)
);
create unique index family__code_stands on family_codes (community, view) where ended_at is null;
-- Whoever brings a code does not say from which community.
create index family_codes_qr on family_codes (qr_digest);
create index family_codes_typed on family_codes (typed_digest);
call keep('family_codes', 'records');
comment on column family_codes.closed is 'closed: family.code:{id}';

create table family_sessions (
  community text collate "C" not null,
  id uuid not null,
  view uuid not null,
  code uuid not null,
  digest bytea not null,
  begun_at timestamptz(3) not null,
  until timestamptz(3) not null,
  ended_at timestamptz(3),
  constraint family_sessions__id_taken primary key (community, id),
  constraint family_sessions_code foreign key (community, code) references family_codes (community, id)
);
create index family_sessions_view on family_sessions (community, view);
call keep('family_sessions', 'records');

create table family_objections (
  community text collate "C" not null,
  id uuid not null,
  person uuid not null,
  grid text collate "C",
  order_id uuid not null,
  document text not null,
  body text not null,
  level text not null check (level in ('subdistrict', 'district')),
  view uuid,
  how text not null,
  words text not null,
  received_at timestamptz(3) not null,
  received_by uuid not null,
  due_on date not null,
  state text not null check (state in ('received', 'answered', 'withdrawn')),
  outcome text check (outcome in ('upheld', 'changed', 'lifted')),
  answer text,
  answer_document text,
  answered_by uuid,
  answered_at timestamptz(3),
  withdrawn_at timestamptz(3),
  constraint family_objections__id_taken primary key (community, id),
  constraint family_objections_answer check ((state = 'answered') = (outcome is not null and answer is not null and answered_by is not null and answered_at is not null))
);
create index family_objections_newest on family_objections (community, received_at desc, id desc);
create index family_objections_order on family_objections (community, order_id);
call keep('family_objections', 'records');

create table family_corrections (
  community text collate "C" not null,
  id uuid not null,
  person uuid not null,
  household uuid,
  grid text collate "C",
  view uuid not null,
  words text not null,
  asked_at timestamptz(3) not null,
  state text not null check (state in ('asked', 'corrected', 'declined')),
  answer text,
  answered_by uuid,
  answered_at timestamptz(3),
  constraint family_corrections__id_taken primary key (community, id),
  constraint family_corrections_answer check ((state = 'asked') = (answer is null and answered_by is null and answered_at is null))
);
create index family_corrections_newest on family_corrections (community, asked_at desc, id desc);
call keep('family_corrections', 'records');
