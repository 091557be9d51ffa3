-- A notice of observation has a number of its own, counted as those of release are; what was decided before keeps the one it was printed with.
alter table observation_orders add column notice_number text;
alter table observation_orders add column notice_year integer;
alter table observation_orders add column notice_serial integer check (notice_serial > 0);
alter table observation_orders add constraint observation_orders_notice_numbered check (
  (notice_serial is null) = (notice_year is null) and (notice_serial is null) = (notice_number is null));
create unique index observation__notice_serial_taken on observation_orders (community, notice_year, notice_serial) where notice_serial is not null;
