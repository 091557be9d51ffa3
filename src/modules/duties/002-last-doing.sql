-- The last row of a slot decides: it is the first of this index, whatever the planner knows of the table.
drop index duties_doings_slot;
create index duties_doings_last on duties_doings (community, duty, day, slot, seq desc);
