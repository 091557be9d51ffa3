-- What a round treated as a whole: a unit, a building, a compound or a grid by its id; null for a single spot.
alter table disinfection_rounds add column within uuid;
