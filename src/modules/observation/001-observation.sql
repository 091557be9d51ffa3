-- Orders of observation, the documents that change them, transfers to a facility, seals of whole places, and every step of an order.
create table observation_seals (
  community text collate "C" not null check (community ~ '^[0-9]{12}$'),
  id uuid not null,
  scope text not null check (scope in ('unit', 'building', 'compound', 'garage')),
  place uuid not null,
  spot text,
  category text not null,
  government text not null,
  legal_basis text not null,
  document text not null,
  starts_on date not null,
  last_day date not null check (last_day >= starts_on),
  fire_exit text not null,
  key_day text not null,
  key_day_phone text not null,
  key_night text not null,
  key_night_phone text not null,
  ambulance_route text not null,
  team jsonb not null,
  frozen jsonb not null,
  policy_versions uuid[] not null,
  response uuid not null,
  state text not null check (state in ('proposed', 'decided', 'lifting', 'lifted', 'cancelled')),
  grid text collate "C",
  proposed_by uuid not null,
  proposed_at timestamptz(3) not null,
  decided_by uuid check (decided_by <> proposed_by),
  decided_at timestamptz(3),
  households integer,
  opened integer not null default 0,
  lift_document text,
  lifted_by uuid,
  lift_decided_by uuid check (lift_decided_by <> lifted_by),
  lifted_at timestamptz(3),
  constraint observation_seals__id_taken primary key (community, id)
);
create unique index observation__already_sealed on observation_seals (community, place, coalesce(spot, '')) where state in ('proposed', 'decided', 'lifting');
call keep('observation_seals', 'records');

create table observation_orders (
  community text collate "C" not null check (community ~ '^[0-9]{12}$'),
  id uuid not null,
  person uuid,
  household uuid,
  persons uuid[] not null,
  source text not null,
  key_person uuid,
  seal uuid,
  grid text collate "C",
  building uuid,
  dwelling uuid,
  category text not null,
  place text not null check (place in ('home', 'facility')),
  facility text,
  deciding_body text,
  legal_basis text,
  document text,
  left_on date,
  proof text,
  last_contact_on date,
  observed_from date,
  day_zero date,
  day_zero_by text,
  last_day date,
  release_on date,
  co_residents_bound boolean,
  guardian uuid,
  guardian_name text,
  suitability jsonb,
  team jsonb not null,
  frozen jsonb,
  policy_versions uuid[] not null,
  response uuid,
  state text not null check (state in ('proposed', 'checked', 'decided', 'served', 'releaseRequested', 'releaseApproved', 'released', 'cancelled')),
  proposed_by uuid not null,
  proposed_at timestamptz(3) not null,
  recorded_by uuid,
  recorded_at timestamptz(3),
  decided_by uuid,
  decided_at timestamptz(3),
  served_how text,
  served_at timestamptz(3),
  served_by text,
  undertaking text,
  witness text,
  release_requested_by uuid,
  release_requested_at timestamptz(3),
  release_document text,
  release_approved_by uuid check (release_approved_by <> release_requested_by),
  release_approved_at timestamptz(3),
  release_number text,
  release_served_how text,
  release_served_by text,
  released_at timestamptz(3),
  cancel_reason text,
  constraint observation_orders__id_taken primary key (community, id),
  constraint observation_orders_seal foreign key (community, seal) references observation_seals (community, id),
  constraint observation_orders_second_person check (decided_by <> proposed_by and decided_by <> recorded_by),
  -- Without these nothing that restricts is in the record at all.
  constraint observation_orders_whole check (state in ('proposed', 'checked', 'cancelled') or (
    deciding_body is not null and legal_basis is not null and document is not null and observed_from is not null and last_day is not null
    and co_residents_bound is not null and frozen is not null and response is not null and decided_by is not null and cardinality(persons) > 0)),
  constraint observation_orders_served check (state in ('proposed', 'checked', 'decided', 'cancelled') or (
    served_how is not null and served_at is not null and served_by is not null and undertaking is not null)),
  constraint observation_orders_period check (last_day >= observed_from)
);
-- The same household of one seal has one order, however often the work is begun again.
create unique index observation__once_under_a_seal on observation_orders (community, seal, household) where seal is not null;
create unique index observation__already_underway on observation_orders (community, person) where seal is null and state in ('proposed', 'checked', 'decided');
create unique index observation__number_taken on observation_orders (community, release_number) where release_number is not null;
create index observation_orders_newest on observation_orders (community, proposed_at desc, id desc);
create index observation_orders_household on observation_orders (community, household);
create index observation_orders_persons on observation_orders using gin (persons);
call keep('observation_orders', 'records');

create table observation_steps (
  community text collate "C" not null,
  id uuid not null,
  order_id uuid not null,
  verb text not null,
  at timestamptz(3) not null,
  by uuid not null,
  state text not null,
  place text not null,
  last_day date,
  persons integer not null,
  detail text,
  generation integer not null default linli_generation(),
  xid xid8 not null default pg_current_xact_id(),
  seq bigint generated always as identity,
  constraint observation_steps__id_taken primary key (community, id),
  constraint observation_steps_order foreign key (community, order_id) references observation_orders (community, id)
);
create index observation_steps_order on observation_steps (community, order_id, seq);
call keep('observation_steps', 'log');

create table observation_documents (
  community text collate "C" not null,
  id uuid not null,
  order_id uuid not null,
  kind text not null check (kind in ('extend', 'shorten', 'convert')),
  deciding_body text not null,
  legal_basis text not null,
  document text not null,
  last_day date,
  place text,
  facility text,
  category text,
  suitability jsonb,
  proposed_by uuid not null,
  proposed_at timestamptz(3) not null,
  decided_by uuid check (decided_by <> proposed_by),
  decided_at timestamptz(3),
  outcome text check (outcome in ('approved', 'refused')),
  constraint observation_documents__id_taken primary key (community, id),
  constraint observation_documents_order foreign key (community, order_id) references observation_orders (community, id)
);
create unique index observation__change_waits on observation_documents (community, order_id) where outcome is null;
call keep('observation_documents', 'records');

create table observation_transfers (
  community text collate "C" not null,
  id uuid not null,
  order_id uuid not null,
  facility text not null,
  giver text,
  giver_unit text,
  giver_at timestamptz(3),
  giver_by uuid,
  receiver text,
  receiver_unit text,
  receiver_at timestamptz(3),
  receiver_by uuid,
  constraint observation_transfers__id_taken primary key (community, id),
  constraint observation_transfers__known unique (community, order_id, facility),
  constraint observation_transfers_order foreign key (community, order_id) references observation_orders (community, id)
);
call keep('observation_transfers', 'records');
