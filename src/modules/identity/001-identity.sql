-- Accounts, their posts and their devices. Passwords and sessions lie in the schema auth, which this role cannot read.
create table identity_accounts (
  area_code text collate "C" not null constraint identity_accounts__area_code check (area_code ~ '^[0-9A-Z]+$'),
  id uuid not null,
  username text collate "C" not null,
  name text not null,
  state text not null default 'active' constraint identity_accounts__state check (state in ('active', 'locked', 'left')),
  created_at timestamptz(3) not null,
  created_by uuid not null,
  constraint identity_accounts__id_taken primary key (area_code, id)
);
create index identity_accounts_id on identity_accounts (id);
create index identity_accounts_username on identity_accounts (username);
call keep('identity_accounts', 'area');

create table identity_assignments (
  area_code text collate "C" not null constraint identity_assignments__area_code check (area_code ~ '^[0-9A-Z]+$'),
  id uuid not null,
  account uuid not null,
  role text not null,
  since timestamptz(3) not null,
  until timestamptz(3),
  given_by uuid not null,
  ended_by uuid,
  constraint identity_assignments__id_taken primary key (area_code, id)
);
create unique index identity__held_already on identity_assignments (area_code, account, role) where until is null;
create index identity_assignments_account on identity_assignments (account);
call keep('identity_assignments', 'area');

create table identity_devices (
  area_code text collate "C" not null constraint identity_devices__area_code check (area_code ~ '^[0-9A-Z]+$'),
  id uuid not null,
  account uuid not null,
  device uuid not null,
  name text not null,
  enrolled_at timestamptz(3) not null,
  last_seen_at timestamptz(3) not null,
  revoked_at timestamptz(3),
  revoked_by uuid,
  constraint identity_devices__id_taken primary key (area_code, id)
);
create unique index identity_devices_once on identity_devices (area_code, account, device);
create index identity_devices_device on identity_devices (device);
create index identity_devices_account on identity_devices (account);
call keep('identity_devices', 'area');

-- Who somebody is must be read before any scope is known: the sign-in role reads all three tables, and marks a device
-- seen or revoked wherever it is enrolled.
do $$
declare
  sign_in text := linli_role('auth');
  tbl text;
begin
  foreach tbl in array array['identity_accounts', 'identity_assignments', 'identity_devices'] loop
    execute format('grant select on %I to %I', tbl, sign_in);
    execute format('create policy sign_in on %I to %I using (true)', tbl, sign_in);
  end loop;
  execute format('grant update (last_seen_at, revoked_at, revoked_by) on identity_devices to %I', sign_in);
end $$;
