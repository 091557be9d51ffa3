// What the door itself may have to say.
import { problems } from '#core/problem.ts'

export const say = problems('door', {
  unknownContract: [
    404,
    { zh: '没有这个接口。请刷新页面后再试。', en: 'There is no such request. Refresh the page and try again.' },
  ],
  stranger: [401, { zh: '请先登录。', en: 'Please sign in first.' }],
  notAllowed: [
    403,
    {
      zh: '您当前的岗位不能办理这一项。请切换岗位或联系负责人。',
      en: 'Your present post may not do this. Switch your post or ask whoever is responsible.',
    },
  ],
  choosePost: [409, { zh: '请先选择工作岗位。', en: 'Choose the post in which you work first.' }],
  unreadable: [
    400,
    ({ fields }: { fields: readonly string[] }) => ({
      zh: `有 ${fields.length} 处需要核对后再提交。`,
      en: `${fields.length} ${fields.length === 1 ? 'field needs' : 'fields need'} another look.`,
    }),
  ],
  noKey: [400, { zh: '请求缺少编号，请刷新页面后再试。', en: 'The request has no id. Refresh the page and try again.' }],
  idTaken: [
    409,
    {
      zh: '这个编号已用于另一条记录。请重新填写后提交。',
      en: 'This id belongs to another record already. Fill in the form again.',
    },
  ],
  crossSite: [
    403,
    {
      zh: '请求来自其他网站，已拒绝。请在邻里自己的页面里办理。',
      en: 'This request came from another site and was refused. Use the pages of Linli itself.',
    },
  ],
  tooLarge: [413, { zh: '提交的内容过大。请分批提交。', en: 'This is too large. Send it in parts.' }],
  cannotUnseal: [
    400,
    { zh: '这条待传记录无法打开，请在手机上重新填写。', en: 'This queued item cannot be opened. Enter it again on the phone.' },
  ],
  otherAccount: [
    403,
    {
      zh: '这条记录由另一个账号登记，请由本人登录后上传。',
      en: 'Another account made this item. Sign in as that person to send it.',
    },
  ],
  tookTooLong: [
    503,
    {
      zh: '这一项查得太久，已停止，没有改动任何内容。请缩短日期、缩小范围或加上筛选后再试；若仍不行，请告诉管理员。',
      en: 'This took too long and was stopped; nothing was changed. Narrow the dates, the area or the filters and try again; if it stays, tell the administrator.',
    },
  ],
  broken: [
    500,
    {
      zh: '系统出了问题，您的内容没有丢失。请稍后重试；若仍不行，请把编号告诉管理员。',
      en: 'Something broke on our side; what you entered is not lost. Try again; if it stays, tell the administrator the id.',
    },
  ],
  busy: [503, { zh: '数据库暂时连不上，请稍后重试。', en: 'The database cannot be reached just now. Try again shortly.' }],
})
