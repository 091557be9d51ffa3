-- Who said that somebody moved in as a tenant, or out. Where a household lives stays with its links; this says on whose word.
create table residents_tenancies (
  like fact including all,
  dwelling uuid not null,
  household uuid not null,
  event text not null constraint residents_tenancies__event check (event in ('began', 'ended')),
  declared_by text not null constraint residents_tenancies__declared_by check (declared_by in ('landlord', 'tenant', 'worker')),
  note text,
  constraint residents_tenancies__id_taken primary key (community, id),
  constraint residents__unknown_dwelling foreign key (community, dwelling) references territory_dwellings (community, id),
  constraint residents__unknown_household foreign key (community, household) references residents_households (community, id)
);
create index residents_tenancies_dwelling on residents_tenancies (community, dwelling);
call keep('residents_tenancies', 'facts');

-- A danger seen in a let dwelling; a row that takes its place says what was done.
create table residents_hazards (
  like fact including all,
  dwelling uuid not null,
  kind text not null constraint residents_hazards__kind
    check (kind in ('electricity', 'gas', 'fire', 'exit', 'crowding', 'structure', 'other')),
  words text not null,
  settled_on date,
  measure text,
  constraint residents_hazards__id_taken primary key (community, id),
  constraint residents_hazards__settled check ((settled_on is null) = (measure is null)),
  constraint residents__unknown_dwelling foreign key (community, dwelling) references territory_dwellings (community, id)
);
create index residents_hazards_dwelling on residents_hazards (community, dwelling);
call keep('residents_hazards', 'facts');
