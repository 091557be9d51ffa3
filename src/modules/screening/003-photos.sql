-- Photos of a notice on a door, as ids of files.
alter table screening_attempts add column photos uuid[] not null default '{}';
create index screening_attempts_photos on screening_attempts using gin (photos);
