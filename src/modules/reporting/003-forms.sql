-- An office's own form: who asks, what for, by when. A level sees its own forms and those of the levels above.
create table reporting_forms (
  area_code text collate "C" not null check (area_code ~ '^([0-9]{6}|[0-9]{9}|[0-9]{12})$'),
  id uuid not null,
  office text not null,
  title text not null,
  due text check (due is null or due ~ '^[0-2][0-9]:[0-5][0-9]$'),
  basis text,
  ends_on date,
  made_by uuid not null,
  made_at timestamptz(3) not null,
  constraint reporting_forms__id_taken primary key (area_code, id)
);
call keep('reporting_forms', 'area');

-- Each version is a workbook as it came, with what its cells are answered by. The version in force on a day fills that day's form.
create table reporting_form_versions (
  area_code text collate "C" not null check (area_code ~ '^([0-9]{6}|[0-9]{9}|[0-9]{12})$'),
  id uuid not null,
  form uuid not null,
  number integer not null check (number > 0),
  since date not null,
  file_name text not null,
  book bytea not null check (octet_length(book) <= 2000000),
  drawn json not null check (json_typeof(drawn) = 'array'),
  fields json not null check (json_typeof(fields) = 'array'),
  cells json not null check (json_typeof(cells) = 'array'),
  repeat json check (repeat is null or json_typeof(repeat) = 'object'),
  warnings json not null check (json_typeof(warnings) = 'array'),
  revision integer not null,
  uploaded_by uuid not null,
  uploaded_at timestamptz(3) not null,
  constraint reporting_form_versions__id_taken primary key (area_code, id),
  constraint reporting__form_version_taken unique (area_code, form, number),
  constraint reporting__unknown_form foreign key (area_code, form) references reporting_forms (area_code, id)
);
call keep('reporting_form_versions', 'area');

-- What nobody counts is typed once for a day and serves every form that asks it. The last word stands; earlier ones stay readable.
create table reporting_typed (
  community text collate "C" not null check (community ~ '^[0-9]{12}$'),
  id uuid not null,
  day date not null,
  name text not null,
  value text not null,
  at timestamptz(3) not null,
  recorded_by uuid not null,
  digest bytea not null,
  seq bigint generated always as identity,
  constraint reporting_typed__id_taken primary key (community, id)
);
create index reporting_typed_day on reporting_typed (community, day, name, seq desc);
call keep('reporting_typed', 'log');
