-- One report for each community and day. Its figures are frozen when it is compiled; the watermark lets them be counted again.
create table reporting_reports (
  community text collate "C" not null check (community ~ '^[0-9]{12}$'),
  id uuid not null,
  day date not null,
  state text not null check (state in ('open', 'submitted', 'returned', 'confirmed', 'locked')),
  zero boolean not null,
  due_by timestamptz(3) not null,
  until timestamptz(3) not null,
  compiled_at timestamptz(3) not null,
  compiled_by uuid not null,
  as_of_generation integer not null,
  as_of_xmin text not null check (as_of_xmin ~ '^[0-9]+$'),
  held boolean not null,
  figures jsonb not null check (jsonb_typeof(figures) = 'object'),
  grids jsonb not null check (jsonb_typeof(grids) = 'object'),
  problems text,
  submitted_at timestamptz(3),
  submitted_by uuid,
  confirmed_by uuid,
  constraint reporting_reports__id_taken primary key (community, id),
  constraint reporting__day_taken unique (community, day),
  check ((submitted_at is null) = (submitted_by is null)),
  check (state not in ('submitted', 'confirmed', 'locked') or submitted_at is not null),
  check ((state in ('confirmed', 'locked')) = (confirmed_by is not null))
);
call keep('reporting_reports', 'records');

-- Every step of a report. The id is that of the request which made it.
create table reporting_moves (
  community text collate "C" not null check (community ~ '^[0-9]{12}$'),
  id uuid not null,
  report uuid not null,
  verb text not null check (verb in ('compile', 'submit', 'return', 'confirm', 'lock')),
  state text not null check (state in ('open', 'submitted', 'returned', 'confirmed', 'locked')),
  at timestamptz(3) not null,
  recorded_by uuid not null,
  digest bytea not null,
  note text,
  constraint reporting_moves__id_taken primary key (community, id),
  constraint reporting__unknown foreign key (community, report) references reporting_reports (community, id)
);
create index reporting_moves_report on reporting_moves (community, report, at);
call keep('reporting_moves', 'log');

-- Sums by area and day, from which overviews are drawn. They can be thrown away and computed again.
create table reporting_figures (
  community text collate "C" not null check (community ~ '^[0-9]{12}$'),
  day date not null,
  area text collate "C" not null check (left(area, 12) = community),
  indicator text not null,
  current double precision,
  today double precision,
  total double precision,
  doubted integer not null,
  computed_at timestamptz(3) not null,
  constraint reporting_figures__derived primary key (community, day, area, indicator)
);
call keep('reporting_figures', 'derived');
