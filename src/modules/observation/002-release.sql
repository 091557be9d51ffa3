-- A notice of release is counted within its year, so that its pattern may change and no number is left out or given twice.
alter table observation_orders add column release_year integer;
alter table observation_orders add column release_serial integer check (release_serial > 0);
alter table observation_orders add constraint observation_orders_numbered check ((release_serial is null) = (release_year is null));
create unique index observation__serial_taken on observation_orders (community, release_year, release_serial) where release_serial is not null;
