-- A grid's list on paper: which households stood on it in which order, so that a line number keeps its meaning. Never changed.
create table screening_papers (
  community text collate "C" not null check (community ~ '^[0-9]{12}$'),
  id uuid not null,
  number integer not null check (number > 0),
  campaign uuid not null,
  area text collate "C" not null check (area ~ '^([0-9]{12}|[0-9]{14}|[0-9]{17})$'),
  building uuid,
  picked text not null check (picked in ('left', 'all')),
  lines integer not null check (lines > 0),
  printed_at timestamptz(3) not null,
  printed_by uuid not null,
  constraint screening_papers__id_taken primary key (community, id),
  constraint screening__number_taken unique (community, number),
  constraint screening__unknown_campaign foreign key (community, campaign) references screening_campaigns (community, id)
);
call keep('screening_papers', 'log');

create table screening_paper_lines (
  community text collate "C" not null check (community ~ '^[0-9]{12}$'),
  paper uuid not null,
  line integer not null check (line > 0),
  household uuid not null,
  constraint screening_paper_lines__id_taken primary key (community, paper, line),
  constraint screening__unknown_paper foreign key (community, paper) references screening_papers (community, id),
  constraint screening__unknown_household foreign key (community, household) references residents_households (community, id)
);
call keep('screening_paper_lines', 'log');

-- An attempt may come from a line of such a list; then somebody else may have walked than the one who typed it in.
alter table screening_attempts
  add column walked_by uuid,
  add column paper uuid,
  add column line integer,
  add constraint screening__unknown_line foreign key (community, paper, line) references screening_paper_lines (community, paper, line),
  add constraint screening_attempts__whole_line check ((paper is null) = (line is null));
create index screening_attempts_line on screening_attempts (community, paper, line) where paper is not null;
