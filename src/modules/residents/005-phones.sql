-- Further telephones of a person beside the first, which stands in the dossier: closed, bound to the number's own root. A correction is a new row.
create table residents_phones (
  like fact including all,
  person uuid not null,
  phone_cipher bytea not null,
  phone_digest bytea not null,
  phone_tail text collate "C" not null,
  remark text,
  constraint residents_phones__id_taken primary key (community, id),
  constraint residents__unknown_person foreign key (community, person) references residents_persons (community, id)
);
create index residents_phones_person on residents_phones (community, person);
create index residents_phones_tail on residents_phones (community, phone_tail);
create index residents_phones_digest on residents_phones (community, phone_digest);
call keep('residents_phones', 'facts');
comment on column residents_phones.phone_cipher is 'closed: residents.otherPhone:{root}';
