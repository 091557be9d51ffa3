// What identity can be asked and told: signing in and out, the first set-up, accounts and their posts, sessions, devices.
import { z } from 'zod'
import { command, download, query } from '#core/contract.ts'
import { Instant } from '#core/dates.ts'
import { exportTerms } from '#core/exports.ts'
import { Id } from '#core/ids.ts'
import { label } from '#core/labels.ts'
import { pageOf, paging } from '#core/paging.ts'
import { text } from '#core/text.ts'
import { AccountState, appointing, AreaCode, by, DutyName, NewPassword, Password, Role, Username } from './model.ts'

const pair = z.object({ zh: z.string(), en: z.string() })
const area = label(AreaCode, '区域', 'Area')
const areaName = label(z.string(), '区域', 'Area', { harmless: 'a place' })

// --- who am I -----------------------------------------------------------------------------------------------------

/** A post as its holder sees it. */
export const MyPost = z.object({ id: Id, role: Role, area: z.string(), roleText: pair, areaName: z.string() })
/** Who is signed in, as pages need it. */
export const Me = z.object({
  account: Id,
  name: z.string(),
  session: z.string(),
  posts: z.array(MyPost),
  mustChangePassword: z.boolean(),
  mustSetUpCodes: z.boolean(),
})
export type Me = z.infer<typeof Me>
const Standing = z.object({ who: Me.nullable(), demo: z.boolean(), setUpNeeded: z.boolean() })

export const whoAmI = query('identity.whoAmI', {
  title: text('当前登录', 'Who is signed in'),
  may: 'anyone',
  input: z.object({}),
  output: Standing,
})

export const signIn = command('identity.signIn', {
  title: text('登录', 'Sign in'),
  may: 'anyone',
  secret: ['username', 'password', 'code'],
  // A mistyped name must read as "wrong", not as "unreadable": the shape of a user name is not checked here.
  input: z.object({
    username: label(z.string().trim().min(1).max(64), '用户名', 'User name', { harmless: 'a sign-in name of staff' }),
    password: Password,
    /** Asked for once the password fits: a code of the authenticator app, or a recovery code. */
    code: label(z.string().trim().max(40).optional(), '动态码或恢复码', 'Code of the app, or a recovery code', {
      harmless: 'good once',
    }),
  }),
  output: Me,
})

export const signOut = command('identity.signOut', {
  title: text('退出登录', 'Sign out'),
  may: 'anyone',
  input: z.object({}),
  output: z.object({}),
})

export const changePassword = command('identity.changePassword', {
  title: text('修改密码', 'Change the password'),
  may: 'signedIn',
  secret: ['password', 'newPassword'],
  input: z.object({ password: label(Password, '现在的密码', 'Present password'), newPassword: NewPassword }),
  output: z.object({ othersEnded: label(z.int(), '其他登录已结束', 'Other sign-ins ended') }),
})

// --- the second step of signing in ----------------------------------------------------------------------------------

const ownPassword = label(Password.optional(), '现在的密码', 'Present password')
const codes = z.object({ recoveryCodes: z.array(z.string()) })

export const secondFactor = query('identity.secondFactor', {
  title: text('登录动态码', 'Codes at sign-in'),
  may: 'signedIn',
  input: z.object({}),
  output: z.object({
    held: z.boolean(),
    since: Instant.nullable(),
    recoveryLeft: z.int(),
    /** Whether a post of the account asks for it. */
    required: z.boolean(),
  }),
})
/** Makes a secret for the authenticator app; it counts once a code of it was given. Without a password only right after signing in. */
export const beginSecondFactor = command('identity.beginSecondFactor', {
  title: text('设置登录动态码', 'Set up codes at sign-in'),
  may: 'signedIn',
  secret: ['password'],
  input: z.object({ password: ownPassword }),
  output: z.object({ secret: z.string(), link: z.string() }),
})
/** Shows the recovery codes, this once. */
export const confirmSecondFactor = command('identity.confirmSecondFactor', {
  title: text('确认动态码', 'Confirm the code'),
  may: 'signedIn',
  secret: ['code'],
  input: z.object({
    code: label(
      z
        .string()
        .trim()
        .regex(/^\d{3} ?\d{3}$/),
      '验证器上的 6 位动态码',
      'The 6 digits of the app',
      { harmless: 'good once' },
    ),
  }),
  output: codes,
})
export const renewRecovery = command('identity.renewRecovery', {
  title: text('更换恢复码', 'New recovery codes'),
  may: 'signedIn',
  secret: ['password'],
  input: z.object({ password: label(Password, '现在的密码', 'Present password') }),
  output: codes,
})
export const dropSecondFactor = command('identity.dropSecondFactor', {
  title: text('停用动态码', 'Stop asking for codes'),
  may: 'signedIn',
  secret: ['password'],
  input: z.object({ password: label(Password, '现在的密码', 'Present password') }),
  output: z.object({}),
})
/** For somebody who lost phone and recovery codes; by another administrator than the one who reset the password. */
export const resetSecondFactor = command('identity.resetSecondFactor', {
  title: text('重置动态码', 'Reset codes at sign-in'),
  may: by('administrator'),
  input: z.object({ account: Id }),
  output: z.object({ ended: z.int() }),
})

// --- first set-up -------------------------------------------------------------------------------------------------

const AreaName = label(z.string().trim().min(1).max(60), '区域名称', 'Name of the area', { harmless: 'a place' })
const TopArea = z.string().regex(/^(\d{6}|\d{9}|\d{12})$/)

export const setUp = command('identity.setUp', {
  title: text('初始设置', 'First set-up'),
  may: 'anyone',
  secret: ['token', 'username', 'password'],
  input: z
    .object({
      token: label(z.string().min(1).max(100), '设置口令', 'Set-up token', { harmless: 'made by the server, used once' }),
      areaCode: label(TopArea, '区域代码', 'Area code', {
        hint: text('县区 6 位、街道 9 位或社区 12 位', 'County 6, street 9 or community 12 digits'),
      }),
      areaName: AreaName,
      communityCode: label(
        z
          .string()
          .regex(/^\d{12}$/)
          .optional(),
        '首个社区代码',
        'Code of the first community',
        {
          hint: text('可稍后导入', 'May be loaded later'),
        },
      ),
      communityName: label(AreaName.optional(), '首个社区名称', 'Name of the first community'),
      name: DutyName,
      username: Username,
      password: NewPassword,
    })
    .refine((i) => !i.communityCode || i.communityCode.startsWith(i.areaCode), { path: ['communityCode'] })
    .refine((i) => !i.communityCode === !i.communityName, { path: ['communityName'] }),
  output: Me,
})

// --- accounts -----------------------------------------------------------------------------------------------------

export const Holding = z.object({
  id: Id,
  role: label(Role, '角色', 'Role'),
  area,
  areaName,
  since: label(Instant, '起', 'Since'),
  until: label(Instant.nullable(), '止', 'Until'),
  /** Whether the asker may end it. */
  mayEnd: z.boolean(),
})
export type Holding = z.infer<typeof Holding>

export const AccountLine = z.object({
  id: Id,
  name: DutyName,
  username: label(z.string(), '用户名', 'User name', { harmless: 'a sign-in name of staff' }),
  state: label(AccountState, '状态', 'State'),
  home: label(AreaCode, '所属区域', 'Home area'),
  homeName: label(z.string(), '所属区域', 'Home area', { harmless: 'a place' }),
  posts: label(z.array(Holding), '任职', 'Posts'),
  lastSignIn: label(Instant.nullable(), '最近登录', 'Last sign-in'),
  mustChangePassword: label(z.boolean(), '待改密码', 'Password to be changed'),
  secondFactor: label(z.boolean(), '登录动态码', 'Codes at sign-in'),
  /** Whether the asker may lock, reset, sign out and dismiss. */
  mayManage: z.boolean(),
})
export type AccountLine = z.infer<typeof AccountLine>

const mayLook = by('administrator', 'communitySecretary', 'auditor')
const mayAct = by(...appointing)
const one = z.object({ account: Id })

const sought = {
  words: label(z.string().trim().max(40).optional(), '姓名或用户名', 'Name or user name', { harmless: 'audited as a digest' }),
  state: label(AccountState.optional(), '状态', 'State'),
  role: label(Role.optional(), '角色', 'Role'),
}
export const accounts = query('identity.accounts', {
  title: text('账号', 'Accounts'),
  may: mayLook,
  secret: ['words'],
  input: z.object({ ...sought, ...paging }),
  output: pageOf(AccountLine),
})
export const exportAccounts = download('identity.exportAccounts', {
  title: text('账号和任职表', 'Accounts and posts'),
  may: mayLook,
  secret: ['words'],
  input: z.object({ ...sought, ...exportTerms }),
  output: AccountLine,
})

export const account = query('identity.account', {
  title: text('账号详情', 'One account'),
  may: mayLook,
  input: one,
  output: AccountLine,
})

const NewPost = z.object({ role: label(Role, '角色', 'Role'), area })

export const createAccount = command('identity.createAccount', {
  title: text('新建账号', 'Create an account'),
  may: mayAct,
  secret: ['username', 'name'],
  input: z.object({
    name: DutyName,
    username: Username,
    home: label(AreaCode.optional(), '所属区域', 'Home area', {
      hint: text('默认为您当前的区域；任职只能在其内', 'Your own area unless named; posts lie inside it'),
    }),
    posts: label(z.array(NewPost).max(20), '任职', 'Posts'),
  }),
  /** The one-time password is shown in the first answer only; a repeat of the same request answers null. */
  output: z.object({ account: AccountLine, oneTimePassword: z.string().nullable() }),
})

export const assign = command('identity.assign', {
  title: text('授予角色', 'Give a post'),
  may: mayAct,
  input: z.object({ account: Id, ...NewPost.shape }),
  output: AccountLine,
})
export const endAssignment = command('identity.endAssignment', {
  title: text('解除任职', 'End a post'),
  may: mayAct,
  input: z.object({ account: Id, assignment: Id }),
  output: AccountLine,
})
export const lockAccount = command('identity.lockAccount', {
  title: text('停用账号', 'Lock an account'),
  may: mayAct,
  input: one,
  output: AccountLine,
})
export const unlockAccount = command('identity.unlockAccount', {
  title: text('恢复账号', 'Unlock an account'),
  may: mayAct,
  input: one,
  output: AccountLine,
})
export const dismiss = command('identity.dismiss', {
  title: text('离任', 'Dismiss'),
  may: mayAct,
  input: one,
  output: AccountLine,
})
export const resetPassword = command('identity.resetPassword', {
  title: text('重置密码', 'Reset the password'),
  may: mayAct,
  input: one,
  output: z.object({ oneTimePassword: z.string().nullable() }),
})

// --- handing over --------------------------------------------------------------------------------------------------

/** One thing that an account still answers for. */
export const OwnedLine = z.object({
  kind: z.string(),
  item: z.string(),
  kindText: label(pair, '类别', 'Kind'),
  name: label(pair, '事项', 'Thing'),
  area,
  areaName,
  /** The console's page that shows it. */
  path: z.string(),
})
export type OwnedLine = z.infer<typeof OwnedLine>

export const owned = query('identity.owned', {
  title: text('仍负责的事项', 'What it still answers for'),
  may: mayLook,
  input: one,
  output: pageOf(OwnedLine),
})
/** Hands over all that an account keeps, or the named things; to somebody who works there. */
export const handOver = command('identity.handOver', {
  title: text('交接', 'Hand over'),
  may: mayAct,
  input: z.object({
    account: Id,
    to: label(Id, '接手人', 'Receiver'),
    items: label(
      z
        .array(z.object({ kind: z.string().max(60), item: z.string().max(80) }))
        .min(1)
        .max(1000)
        .optional(),
      '事项',
      'Things',
    ),
    posts: label(z.boolean().optional(), '同时授予同样的岗位', 'Give the same posts too', {
      hint: text('接手人在同样的区域还没有岗位时勾选', 'Where the receiver has no post in those areas yet'),
    }),
    reason: label(z.string().trim().max(200).optional(), '原因', 'Reason', {
      harmless: 'about duties, names nobody',
      hint: text('不写居民姓名', 'Names no resident'),
    }),
  }),
  output: z.object({ moved: z.int(), left: z.int() }),
})

/** Areas inside the asker's own, to choose from; at most 50. */
export const areas = query('identity.areas', {
  title: text('可选区域', 'Areas to choose from'),
  may: mayLook,
  input: z.object({ words: label(z.string().trim().max(40).optional(), '名称或代码', 'Name or code', { harmless: 'a place' }) }),
  output: z.object({ rows: z.array(z.object({ area, areaName, roles: z.array(Role) })) }),
})

// --- sessions and devices -----------------------------------------------------------------------------------------

export const SessionLine = z.object({
  id: Id,
  since: label(Instant, '登录时间', 'Signed in'),
  until: label(Instant, '到期', 'Ends by itself'),
  agent: label(z.string().nullable(), '浏览器', 'Browser', { harmless: 'a kind of browser' }),
  deviceName: label(z.string().nullable(), '设备', 'Device', { harmless: 'a name given to a device' }),
  current: label(z.boolean(), '本次登录', 'This one'),
})
export type SessionLine = z.infer<typeof SessionLine>

/** Own sessions, or those of another account that the asker may manage. */
export const sessions = query('identity.sessions', {
  title: text('登录记录', 'Sign-ins'),
  may: 'signedIn',
  input: z.object({ account: Id.optional() }),
  output: pageOf(SessionLine),
})
export const endSession = command('identity.endSession', {
  title: text('结束登录', 'End a sign-in'),
  may: 'signedIn',
  input: z.object({ account: Id.optional(), session: Id }),
  output: z.object({}),
})
/** Ends every session but the present one. */
export const endSessions = command('identity.endSessions', {
  title: text('结束其他全部登录', 'End all other sign-ins'),
  may: 'signedIn',
  input: z.object({ account: Id.optional() }),
  output: z.object({ ended: z.int() }),
})

const DeviceName = label(z.string().trim().min(1).max(40), '设备名称', 'Name of the device', {
  harmless: 'a name given to a device',
})

export const DeviceLine = z.object({
  device: Id,
  name: DeviceName,
  enrolledAt: label(Instant, '登记时间', 'Enrolled'),
  lastSeenAt: label(Instant, '最近使用', 'Last seen'),
  revokedAt: label(Instant.nullable(), '停用时间', 'Revoked'),
})
export type DeviceLine = z.infer<typeof DeviceLine>

export const devices = query('identity.devices', {
  title: text('设备', 'Devices'),
  may: 'signedIn',
  input: z.object({ account: Id.optional() }),
  output: pageOf(DeviceLine),
})
/** `device` is the id born on the device, sent in the header `linli-device` from then on. */
export const enrolDevice = command('identity.enrolDevice', {
  title: text('登记设备', 'Enrol a device'),
  may: 'signedIn',
  input: z.object({ device: Id, name: DeviceName }),
  output: DeviceLine,
})
/** Ends the device for everybody who works on it, and every session opened on it. */
export const revokeDevice = command('identity.revokeDevice', {
  title: text('停用设备', 'Revoke a device'),
  may: 'signedIn',
  input: z.object({ account: Id.optional(), device: Id }),
  output: DeviceLine,
})
