-- The report of a street is made of its communities' reports: which were in, and which counting of each. Null for a community's own.
alter table reporting_reports add column parts jsonb check (parts is null or jsonb_typeof(parts) = 'array');
