-- Households and persons are facts: a correction is a new row. Others point at the root for ever.
create table residents_households (
  like fact including all,
  kind text not null constraint residents_households__kind check (kind in ('family', 'collective', 'other')),
  note text,
  constraint residents_households__id_taken primary key (community, id)
);
call keep('residents_households', 'facts');

-- Names are searched by the start of the name, of its pinyin, of its initials; phones by the tail; numbers by equal digests.
create table residents_persons (
  like fact including all,
  name text collate "C" not null,
  pinyin text collate "C" not null,
  initials text collate "C" not null,
  sex text constraint residents_persons__sex check (sex in ('male', 'female')),
  birth_date date,
  id_type text not null,
  id_cipher bytea,
  id_digest bytea,
  phone_cipher bytea,
  phone_digest bytea,
  phone_tail text collate "C",
  home_place text,
  employer text,
  note text,
  constraint residents_persons__id_taken primary key (community, id)
);
create index residents_persons_name on residents_persons (community, name);
create index residents_persons_pinyin on residents_persons (community, pinyin);
create index residents_persons_initials on residents_persons (community, initials);
create index residents_persons_phone_tail on residents_persons (community, phone_tail) where phone_tail is not null;
create index residents_persons_phone on residents_persons (community, phone_digest) where phone_digest is not null;
create index residents_persons_document on residents_persons (community, id_digest) where id_digest is not null;
call keep('residents_persons', 'facts');

create table residents_tags (
  like fact including all,
  person uuid not null,
  tag text collate "C" not null,
  constraint residents_tags__id_taken primary key (community, id),
  constraint residents__unknown_person foreign key (community, person) references residents_persons (community, id)
);
create index residents_tags_person on residents_tags (community, person);
call keep('residents_tags', 'facts');

-- Where a household lives, from when on; no dwelling: it has moved away.
create table residents_occupancies (
  like link including all,
  dwelling uuid,
  tenure text constraint residents_occupancies__tenure check (tenure in ('owner', 'tenant', 'other')),
  constraint residents_occupancies__id_taken primary key (community, id),
  constraint residents__unknown_household foreign key (community, subject) references residents_households (community, id),
  constraint residents__unknown_dwelling foreign key (community, dwelling) references territory_dwellings (community, id)
);
create index residents_occupancies_dwelling on residents_occupancies (community, dwelling);
call keep('residents_occupancies', 'links');

-- Which household a person belongs to, from when on; no household: the person has left, or has died.
create table residents_memberships (
  like link including all,
  household uuid,
  relation text not null,
  constraint residents_memberships__id_taken primary key (community, id),
  constraint residents__unknown_person foreign key (community, subject) references residents_persons (community, id),
  constraint residents__unknown_household foreign key (community, household) references residents_households (community, id)
);
create index residents_memberships_household on residents_memberships (community, household);
call keep('residents_memberships', 'links');
