-- What reaches people. Area tables: nothing personal stands in a message.
create table outreach_items (
  area_code text collate "C" not null check (area_code ~ '^[0-9A-Z]+$'),
  id uuid not null,
  account uuid not null,
  topic text not null check (topic in ('returned', 'escalated', 'answered', 'waiting', 'assigned')),
  title jsonb not null,
  path text not null,
  at timestamptz(3) not null,
  read_at timestamptz(3),
  constraint outreach_items__id_taken primary key (area_code, id, account)
);
create index outreach_items_account on outreach_items (account, at desc, id desc);
call keep('outreach_items', 'area');

create table outreach_channels (
  area_code text collate "C" not null check (area_code ~ '^[0-9A-Z]+$'),
  id uuid not null,
  kind text not null check (kind in ('wecom', 'dingtalk', 'feishu')),
  name text not null,
  topics jsonb not null,
  state text not null check (state in ('trial', 'on', 'off')),
  closed bytea,
  recorded_at timestamptz(3) not null,
  recorded_by uuid not null,
  constraint outreach_channels__id_taken primary key (area_code, id),
  constraint outreach__no_address check (state <> 'on' or closed is not null)
);
call keep('outreach_channels', 'area');

create table outreach_deliveries (
  area_code text collate "C" not null check (area_code ~ '^[0-9A-Z]+$'),
  id uuid not null,
  channel uuid not null,
  words text not null,
  outcome text not null check (outcome in ('waiting', 'sent', 'dryRun', 'failed')),
  tries integer not null,
  answered text,
  at timestamptz(3) not null,
  ended_at timestamptz(3),
  constraint outreach_deliveries__id_taken primary key (area_code, id, channel),
  foreign key (area_code, channel) references outreach_channels (area_code, id)
);
create index outreach_deliveries_at on outreach_deliveries (area_code, at desc, id desc);
call keep('outreach_deliveries', 'area');
