-- Who keeps a thing from when on: rows are added only, the last one counts. The thing itself keeps the name of whoever made it.
create table identity_hand_overs (
  area_code text collate "C" not null constraint identity_hand_overs__area_code check (area_code ~ '^[0-9A-Z]+$'),
  id uuid not null,
  kind text collate "C" not null,
  item text collate "C" not null,
  giver uuid not null,
  receiver uuid not null,
  at timestamptz(3) not null,
  recorded_by uuid not null,
  reason text,
  constraint identity_hand_overs__id_taken primary key (area_code, id)
);
create index identity_hand_overs_item on identity_hand_overs (kind, item, at);
call keep('identity_hand_overs', 'area');
