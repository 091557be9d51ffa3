-- Which columns are closed, and what is bound into them: a person by the root, whatever entry stands.
comment on column residents_persons.id_cipher is 'closed: residents.document:{root}';
comment on column residents_persons.phone_cipher is 'closed: residents.phone:{root}';
