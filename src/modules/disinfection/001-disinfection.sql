-- One row for each round of disinfection, as it was entered; corrections are rows that replace it.
create table disinfection_rounds (
  like fact including all,
  grid text collate "C" check (grid ~ '^([0-9]{14}|[0-9]{17})$'),
  begins text not null check (begins ~ '^[0-9]{2}:[0-9]{2}$'),
  ends text not null check (ends ~ '^[0-9]{2}:[0-9]{2}$'),
  place text not null,
  spot text,
  surfaces text[] not null check (cardinality(surfaces) > 0),
  method text not null check (method in ('wipe', 'spray', 'soak', 'uv')),
  agent text,
  chlorine integer check (chlorine > 0),
  minutes integer check (minutes > 0),
  square_metres double precision check (square_metres > 0),
  litres double precision check (litres > 0),
  aired boolean,
  inspector text,
  remarks text,
  constraint disinfection_rounds__id_taken primary key (community, id)
);
create index disinfection_rounds_counted on disinfection_rounds (community, counted_on);
create index disinfection_rounds_occurred on disinfection_rounds (community, occurred_at desc, id desc);
call keep('disinfection_rounds', 'facts');
