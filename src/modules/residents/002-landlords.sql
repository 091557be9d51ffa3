-- To whom a let dwelling belongs: whom the community calls when nobody opens. A correction is a new row.
create table residents_landlords (
  like fact including all,
  dwelling uuid not null,
  name text collate "C" not null,
  phone_cipher bytea,
  phone_digest bytea,
  phone_tail text collate "C",
  constraint residents_landlords__id_taken primary key (community, id),
  constraint residents__unknown_dwelling foreign key (community, dwelling) references territory_dwellings (community, id)
);
create index residents_landlords_dwelling on residents_landlords (community, dwelling);
call keep('residents_landlords', 'facts');
