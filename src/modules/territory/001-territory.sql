-- Areas and who is responsible for them: area tables, read by every level below.
create table territory_areas (
  area_code text collate "C" not null check (area_code ~ '^[0-9A-Z]+$'),
  id uuid not null,
  name text not null,
  level text not null constraint territory__wrong_level check (
    level = case length(area_code) when 6 then 'county' when 9 then 'street' when 12 then 'community' when 14 then 'precinct' when 17 then 'grid' end),
  constraint territory_areas__id_taken primary key (area_code, id),
  constraint territory__area_exists unique (area_code)
);
call keep('territory_areas', 'area');

create table territory_responsibilities (
  area_code text collate "C" not null check (area_code ~ '^[0-9A-Z]+$'),
  id uuid not null,
  account uuid,
  duty text not null,
  since timestamptz(3) not null,
  recorded_at timestamptz(3) not null,
  recorded_by uuid not null,
  constraint territory_responsibilities__id_taken primary key (area_code, id)
);
create index territory_responsibilities_since on territory_responsibilities (area_code, duty, since);
call keep('territory_responsibilities', 'area');

-- What stands in a community. A thing is found by its name within what holds it, so that loading twice adds nothing.
create table territory_compounds (
  community text collate "C" not null check (community ~ '^[0-9]{12}$'),
  id uuid not null,
  name text not null,
  type text not null check (type in ('commodityHousing', 'noPropertyManager', 'oldLane', 'relocationSite', 'unoccupiedSection',
    'officeBuilding', 'campus', 'villageCooperative')),
  property_manager text,
  constraint territory_compounds__id_taken primary key (community, id),
  constraint territory__compound_exists unique (community, name)
);
call keep('territory_compounds', 'records');

create table territory_buildings (
  community text collate "C" not null check (community ~ '^[0-9]{12}$'),
  id uuid not null,
  compound uuid not null,
  name text not null,
  position integer not null,
  x integer,
  y integer,
  constraint territory_buildings__id_taken primary key (community, id),
  constraint territory__building_exists unique (community, compound, name),
  constraint territory__unknown_compound foreign key (community, compound) references territory_compounds (community, id)
);
call keep('territory_buildings', 'records');

create table territory_units (
  community text collate "C" not null check (community ~ '^[0-9]{12}$'),
  id uuid not null,
  building uuid not null,
  name text not null,
  position integer not null,
  constraint territory_units__id_taken primary key (community, id),
  constraint territory__unit_exists unique (community, building, name),
  constraint territory__unknown_building foreign key (community, building) references territory_buildings (community, id)
);
call keep('territory_units', 'records');

create table territory_dwellings (
  community text collate "C" not null check (community ~ '^[0-9]{12}$'),
  id uuid not null,
  building uuid not null,
  unit uuid,
  room text not null,
  floor integer,
  position integer not null,
  use text not null check (use in ('owner', 'rental', 'vacant')),
  constraint territory_dwellings__id_taken primary key (community, id),
  constraint territory__dwelling_exists unique nulls not distinct (community, building, unit, room),
  constraint territory__unknown_building foreign key (community, building) references territory_buildings (community, id),
  constraint territory__unknown_unit foreign key (community, unit) references territory_units (community, id)
);
create index territory_dwellings_room on territory_dwellings (community, room);
call keep('territory_dwellings', 'records');

create table territory_dwelling_grids (
  like link including all,
  grid text collate "C" check (grid ~ '^[0-9]{17}$'),
  constraint territory_dwelling_grids__id_taken primary key (community, id),
  constraint territory__unknown_dwelling foreign key (community, subject) references territory_dwellings (community, id)
);
call keep('territory_dwelling_grids', 'links');
