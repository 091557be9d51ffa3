-- Photos of a round, as ids of files.
alter table disinfection_rounds add column photos uuid[] not null default '{}';
create index disinfection_rounds_photos on disinfection_rounds using gin (photos);
