// Who works here: roles, posts, accounts and devices; who may appoint whom; what a password and a sign-in must be like.
import { z } from 'zod'
import { Instant } from '#core/dates.ts'
import { Id } from '#core/ids.ts'
import { choice, label } from '#core/labels.ts'
import type { MaskKind } from '#core/labels.ts'
import { problems } from '#core/problem.ts'
import { states } from '#core/states.ts'
import { text } from '#core/text.ts'

/** What somebody is in an area. */
export const Role = choice({
  gridWorker: text('网格员', 'Grid worker'),
  gridLeader: text('网格长', 'Grid leader'),
  buildingSteward: text('楼长', 'Building steward'),
  gateGuard: text('卡口值守员', 'Gate guard'),
  medic: text('医务人员', 'Medic'),
  volunteer: text('志愿者', 'Volunteer'),
  propertyManager: text('物业人员', 'Property manager'),
  counsellor: text('心理辅导员', 'Counsellor'),
  communityStaff: text('社区工作人员', 'Community staff'),
  communitySecretary: text('社区书记', 'Community secretary'),
  subdistrictOfficer: text('街道专员', 'Subdistrict officer'),
  districtOfficer: text('区专员', 'District officer'),
  employerOfficer: text('单位防疫专员', 'Employer officer'),
  partner: text('协作单位', 'Partner'),
  auditor: text('审计员', 'Auditor'),
  administrator: text('管理员', 'Administrator'),
})
export type Role = z.infer<typeof Role>
export const roles: readonly Role[] = Role.options

/** `may: by('gridWorker', 'communitySecretary')` */
export const by = (...allowed: Role[]): readonly Role[] => allowed

/** What a role reads unmasked in lists. Phones and documents of anybody need a look with a purpose. */
export const sees: Record<Role, readonly MaskKind[]> = {
  gridWorker: ['name', 'room', 'text'],
  gridLeader: ['name', 'room', 'text'],
  buildingSteward: ['name', 'room'],
  gateGuard: [],
  medic: ['name', 'room', 'text'],
  volunteer: [],
  propertyManager: [],
  // Reads what belongs to the own counselling only, once there is any: no register.
  counsellor: [],
  communityStaff: ['name', 'room', 'text'],
  communitySecretary: ['name', 'room', 'text'],
  subdistrictOfficer: [],
  districtOfficer: [],
  employerOfficer: [],
  partner: [],
  auditor: [],
  administrator: [],
}

/** Lengths of the area codes at which a role can stand: county 6, street 9, community 12, precinct 14, grid 17. */
const standsAt: Record<Role, readonly number[]> = {
  gridWorker: [12, 14, 17],
  gridLeader: [14, 17],
  buildingSteward: [12, 14, 17],
  gateGuard: [12],
  medic: [12],
  volunteer: [12, 14, 17],
  propertyManager: [12, 14, 17],
  counsellor: [12],
  communityStaff: [12],
  communitySecretary: [12],
  subdistrictOfficer: [9],
  districtOfficer: [6],
  employerOfficer: [12],
  partner: [6, 9, 12],
  auditor: [6, 9, 12],
  administrator: [6, 9, 12],
}

/** Who may appoint whom, always inside the own area: a secretary the people of the daily work, an administrator everybody. */
const appoints: Partial<Record<Role, readonly Role[]>> = {
  communitySecretary: [
    'gridWorker',
    'gridLeader',
    'buildingSteward',
    'gateGuard',
    'medic',
    'volunteer',
    'propertyManager',
    'counsellor',
    'communityStaff',
  ],
  administrator: roles,
}
/** Whom a role may appoint, wherever that role can stand. */
export const appointedBy = (role: string): readonly Role[] => appoints[role as Role] ?? []
/** Roles that appoint anybody at all. */
export const appointing = Object.keys(appoints) as Role[]

/** An area of the tree: county to grid. */
export const AreaCode = z.string().regex(/^(\d{6}|\d{9}|\d{12}|\d{14}|\d{17})$/)

type Standing = { readonly role: string; readonly area: string }

/** Whether a role can stand at this area at all. */
export const fits = ({ role, area }: Standing): boolean => standsAt[role as Role]?.includes(area.length) ?? false

/** Whether somebody at `post` may appoint to, or dismiss from, `to`: never above or beside the own area, never a role not in the table. */
export const mayAppoint = (post: Standing, to: Standing): boolean =>
  appointedBy(post.role).includes(to.role as Role) && to.area.startsWith(post.area)

/** The roles that somebody at `post` may give at `area`. */
export const rolesToGive = (post: Standing, area: string): readonly Role[] =>
  roles.filter((role) => fits({ role, area }) && mayAppoint(post, { role, area }))

/**
 * Whether somebody at `post` may lock, reset or sign out an account: only when every post that it holds could be given by
 * him. An account without posts may be meant for any role, so it is left to administrators.
 */
export const mayManage = (post: Standing, home: string, held: readonly Standing[]): boolean =>
  home.startsWith(post.area) && (held.length ? held.every((h) => mayAppoint(post, h)) : post.role === 'administrator')

/** Posts from which much is seen or given: their sign-in needs a second step, a code of an authenticator app. */
const secondFactorRoles: readonly Role[] = ['administrator', 'districtOfficer']
export const requiresSecondFactor = ({ role }: { readonly role: string }): boolean => secondFactorRoles.includes(role as Role)
/** So many recovery codes are printed, each good once. */
export const recoveryCount = 10

// --- accounts ---------------------------------------------------------------------------------------------------------

export const Username = label(
  z
    .string()
    .trim()
    .toLowerCase()
    .regex(/^[a-z0-9][a-z0-9._-]{2,29}$/),
  '用户名',
  'User name',
  {
    hint: text('3–30 位小写字母、数字或 . _ -', '3–30 small letters, digits or . _ -'),
    harmless: 'a sign-in name of staff',
  },
)
export const DutyName = label(z.string().trim().min(1).max(40), '姓名（公示用）', 'Duty name', {
  hint: text('公示栏上的称呼', 'As posted on the notice board'),
  harmless: 'names on duty are posted publicly',
})

export const AccountState = choice({ active: text('正常', 'Active'), locked: text('停用', 'Locked'), left: text('离任', 'Left') })
export type AccountState = z.infer<typeof AccountState>

/** `identity_accounts`: area table; `areaCode` is the home, every post lies inside it. */
export const AccountRow = z.object({
  areaCode: z.string(),
  id: Id,
  username: z.string(),
  name: z.string(),
  state: AccountState,
  createdAt: Instant,
  createdBy: Id,
})
export type AccountRow = z.infer<typeof AccountRow>

/** `identity_assignments`: area table; a role at an area, from `since` until it is ended. */
export const AssignmentRow = z.object({
  areaCode: z.string(),
  id: Id,
  account: Id,
  role: Role,
  since: Instant,
  until: Instant.nullable(),
  givenBy: Id,
  endedBy: Id.nullable(),
})
export type AssignmentRow = z.infer<typeof AssignmentRow>

/** `identity_devices`: area table; `device` is the id born on the device, one row for each account that works on it. */
export const DeviceRow = z.object({
  areaCode: z.string(),
  id: Id,
  account: Id,
  device: Id,
  name: z.string(),
  enrolledAt: Instant,
  lastSeenAt: Instant,
  revokedAt: Instant.nullable(),
  revokedBy: Id.nullable(),
})
export type DeviceRow = z.infer<typeof DeviceRow>

/** `identity_hand_overs`: area table; from `at` on `receiver` keeps the thing. */
export const HandOverRow = z.object({
  areaCode: z.string(),
  id: Id,
  kind: z.string(),
  item: z.string(),
  giver: Id,
  receiver: Id,
  at: Instant,
  recordedBy: Id,
  reason: label(z.string().nullable(), '原因', 'Reason', { harmless: 'about duties, names nobody' }),
})
export type HandOverRow = z.infer<typeof HandOverRow>

export const can = states<AccountState>()({
  lock: { from: ['active'], to: 'locked' },
  unlock: { from: ['locked'], to: 'active' },
  dismiss: { from: ['active', 'locked'], to: 'left' },
})

// --- sign-in ----------------------------------------------------------------------------------------------------------

const minutes = 60_000

/** A sign-in lasts a week; within it nobody is asked for the password again. Seconds. */
export const signInLasts = 7 * 86_400
/** What a session may be remembered for without asking the database. Milliseconds; a revocation drops it at once. */
export const rememberedFor = 3_000
/** A refused sign-in answers no sooner than this, so that its time says nothing. Milliseconds. */
export const refusalTakes = 350

export type LockOut = { readonly failures: number; readonly within: number; readonly locked: number }
/**
 * So many wrong passwords within so long lock for so long, in ms. An address may stand for a whole office behind one
 * line, therefore it has more tries than an account.
 */
export const lockOut: Record<'account' | 'address', LockOut> = {
  account: { failures: 5, within: 15 * minutes, locked: 15 * minutes },
  address: { failures: 50, within: 15 * minutes, locked: 15 * minutes },
}

const shortestPassword = 10
const longestPassword = 128
/** A password as it is chosen. What it must not be like is said by `weakness`. */
export const NewPassword = label(z.string().min(shortestPassword).max(longestPassword), '新密码', 'New password', {
  hint: text(`至少 ${shortestPassword} 位，不含用户名`, `At least ${shortestPassword} characters, without the user name`),
  harmless: 'never kept, never logged',
})
export const Password = label(z.string().min(1).max(longestPassword), '密码', 'Password', {
  harmless: 'never kept, never logged',
})

/** Whether a password is too easy to guess: it holds the user name, or hardly any different characters. */
export const tooWeak = (password: string, username: string): boolean =>
  password.toLowerCase().includes(username.toLowerCase()) || new Set(password).size < 5

/** `Chrome · Windows` from what a browser says of itself; null where it says nothing known. */
export function sayAgent(agent: string): string | null {
  const first = (pairs: readonly (readonly [RegExp, string])[]) => pairs.find(([seen]) => seen.test(agent))?.[1]
  const browser = first([
    [/MicroMessenger/, 'WeChat'],
    [/Edg\//, 'Edge'],
    [/Firefox\//, 'Firefox'],
    [/Chrome\//, 'Chrome'],
    [/Safari\//, 'Safari'],
  ])
  const system = first([
    [/HarmonyOS|OpenHarmony/, 'HarmonyOS'],
    [/Android/, 'Android'],
    [/iPhone|iPad/, 'iOS'],
    [/Windows/, 'Windows'],
    [/Mac OS/, 'macOS'],
    [/Linux/, 'Linux'],
  ])
  return [browser, system].filter(Boolean).join(' · ') || null
}

// --- words ------------------------------------------------------------------------------------------------------------

export const say = problems('identity', {
  wrong: [
    401,
    {
      zh: '用户名或密码不对。请核对后再试；忘记密码请找管理员重置。',
      en: 'User name or password is wrong. Check both; if the password is forgotten, ask your administrator for a new one.',
    },
  ],
  lockedOut: [
    429,
    ({ minutes: left }: { minutes: number }) => ({
      zh: `密码错误次数过多，请 ${left} 分钟后再试，或请管理员重置密码。`,
      en: `Too many wrong passwords. Try again in ${left} ${left === 1 ? 'minute' : 'minutes'}, or ask your administrator to reset the password.`,
    }),
  ],
  codeNeeded: [
    401,
    {
      zh: '密码正确。请再输入手机验证器上的 6 位动态码，或一个恢复码。',
      en: 'The password is right. Now enter the 6 digits of your authenticator app, or a recovery code.',
    },
  ],
  wrongCode: [
    422,
    {
      zh: '动态码不对或已用过。请等验证器换出下一个再输入；手机时间不准也会出错。',
      en: 'This code is wrong or was used before. Wait for the next one; a wrong clock on the phone may be the cause too.',
    },
  ],
  beginAgain: [409, { zh: '请重新开始设置动态码。', en: 'Please begin to set up the codes again.' }],
  secondFactorFirst: [
    403,
    {
      zh: '您的岗位登录时须用动态码。请退出后重新登录，按提示设置。',
      en: 'Your post asks for codes at sign-in. Sign out, sign in again and set them up as you are told.',
    },
  ],
  secondFactorStays: [
    409,
    {
      zh: '您的岗位必须使用动态码，不能停用；换手机请重新设置。',
      en: 'Your post asks for codes at sign-in, so they stay; for another phone set them up anew.',
    },
  ],
  secondPersonNeeded: [
    409,
    {
      zh: '同一个人不能既重置密码又重置动态码。请另一位管理员办理其中一项。',
      en: 'The same person may not reset both the password and the codes. Ask another administrator for one of them.',
    },
  ],
  closed: [
    403,
    {
      zh: '这个账号已停用，请联系管理员。',
      en: 'This account is closed. Please ask your administrator.',
    },
  ],
  changePasswordFirst: [
    403,
    {
      zh: '这是一次性密码，请先设置自己的新密码。',
      en: 'That was a one-time password. Choose a password of your own first.',
    },
  ],
  weakPassword: [
    422,
    {
      zh: '这个密码太容易被猜到：不要包含用户名，也不要只用几个重复的字符。',
      en: 'This password is too easy to guess: leave out the user name, and use more than a few repeated characters.',
    },
  ],
  wrongPassword: [422, { zh: '现在的密码不对，请核对后再试。', en: 'The present password is wrong. Check it and try again.' }],
  samePassword: [422, { zh: '新密码不能与旧密码相同。', en: 'The new password must differ from the old one.' }],
  deviceRevoked: [
    403,
    {
      zh: '这台设备已被停用，不能再使用邻里。请联系管理员。',
      en: 'This device was revoked and can no longer use Linli. Please ask your administrator.',
    },
  ],
  unknownDevice: [
    404,
    { zh: '没有找到这台设备。请刷新列表后再试。', en: 'This device was not found. Refresh the list and try again.' },
  ],
  onlyAdministrators: [
    409,
    {
      zh: '这里只找回管理员账号。其他账号请由管理员在“账号”里重置密码或动态码。',
      en: 'Only administrators are rescued here. An administrator resets password or codes of any other account on the page of accounts.',
    },
  ],
  unknownAccount: [
    404,
    { zh: '没有找到这个账号。请刷新列表后再试。', en: 'This account was not found. Refresh the list and try again.' },
  ],
  unknownAssignment: [
    404,
    { zh: '没有找到这项任职。请刷新列表后再试。', en: 'This post was not found. Refresh the list and try again.' },
  ],
  unknownSession: [404, { zh: '这次登录已经结束，请刷新列表。', en: 'This sign-in has already ended. Refresh the list.' }],
  usernameTaken: [409, { zh: '这个用户名已被使用，请换一个。', en: 'This user name is taken. Choose another one.' }],
  mayNotAppoint: [
    403,
    {
      zh: '您不能在该区域授予或解除这一角色：只能在自己负责的区域内办理权限表所列的角色。',
      en: 'You may not give or end this role there: only roles in your table of appointments, and only inside your own area.',
    },
  ],
  mayNotManage: [
    403,
    {
      zh: '您不能管理这个账号：它的区域或岗位超出您的权限。请联系上级管理员。',
      en: 'You may not manage this account: its area or one of its posts is beyond yours. Ask an administrator of the level above.',
    },
  ],
  roleDoesNotFit: [
    422,
    {
      zh: '这一角色不能设在该级区域，请换一个区域或角色。',
      en: 'This role does not exist at an area of that level. Choose another area or role.',
    },
  ],
  outsideHome: [
    422,
    {
      zh: '任职区域不在该账号所属区域之内。请由上级管理员另建账号。',
      en: 'The area lies outside the home area of this account. Have the level above create an account for it.',
    },
  ],
  heldAlready: [
    409,
    { zh: '此人在该区域已担任这一角色，请刷新列表。', en: 'This person holds that role there already. Refresh the list.' },
  ],
  endedAlready: [409, { zh: '这项任职已经解除，请刷新列表。', en: 'This post has been ended already. Refresh the list.' }],
  wrongState: [
    409,
    { zh: '账号状态已变化，请刷新后再试。', en: 'The state of this account has changed. Refresh and try again.' },
  ],
  stillOwns: [
    409,
    ({ count }: { count: number }) => ({
      zh: `该账号仍负责 ${count} 项，请先交接给别人，再办离任。`,
      en: `This account still answers for ${count} ${count === 1 ? 'thing' : 'things'}. Hand them to somebody else first.`,
    }),
  ],
  ownedNoMore: [
    409,
    { zh: '所选事项已有变化，请刷新后再交接。', en: 'What you chose has changed meanwhile. Refresh and hand it over again.' },
  ],
  toSomebodyElse: [422, { zh: '请选择另一个人接手。', en: 'Choose somebody else to take over.' }],
  noPostThere: [
    422,
    ({ areas }: { areas: string }) => ({
      zh: `接手人在这些区域没有任职：${areas}。请勾选“同时授予同样的岗位”，或先授予角色。`,
      en: `The receiver has no post in: ${areas}. Give the same posts along with it, or give a post first.`,
    }),
  ],
  notYourself: [
    409,
    {
      zh: '不能停用自己，也不能解除自己当前的岗位。请由另一位管理员办理。',
      en: 'You cannot lock yourself or end the post you are working in. Ask another administrator.',
    },
  ],
  setUpOver: [
    410,
    {
      zh: '初始设置已经完成，这个链接不再有效。请直接登录。',
      en: 'Set-up is finished and this link no longer works. Please sign in.',
    },
  ],
  wrongSetUpToken: [
    403,
    {
      zh: '设置链接不对或已过期。请使用服务器最近一次启动时打印的链接。',
      en: 'This set-up link is wrong or out of date. Use the one that the server printed at its last start.',
    },
  ],
})
