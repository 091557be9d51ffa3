// Words of the console itself, said on many pages.
import { text } from '#core/text.ts'

export const words = {
  product: text('邻里', 'Linli'),
  menu: text('菜单', 'Menu'),
  skip: text('跳到正文', 'Skip to the content'),
  loading: text('正在读取…', 'Loading…'),
  retry: text('再试一次', 'Try again'),
  save: text('保存', 'Save'),
  cancel: text('取消', 'Cancel'),
  close: text('关闭', 'Close'),
  confirm: text('确认', 'Confirm'),
  open: text('查看', 'Open'),
  actions: text('操作', 'Actions'),
  more: text('更多', 'More'),
  all: text('全部', 'All'),
  yes: text('是', 'Yes'),
  no: text('否', 'No'),
  notSaid: text('未填', 'Not said'),
  choose: text('请选择', 'Choose'),
  search: text('查找', 'Search'),
  from: text('起', 'From'),
  to: text('止', 'To'),
  clearFilters: text('清除筛选', 'Clear the filters'),
  clear: text('清空', 'Clear'),
  add: text('添加', 'Add'),
  remove: text('移除', 'Remove'),
  restored: text('已恢复上次没有提交的内容。', 'What you had entered before is back.'),
  saved: text('已保存', 'Saved'),
  why: text('为什么问', 'Why we ask'),
  required: text('必填', 'required'),
  loadMore: text('继续显示', 'Show more'),
  none: text('没有符合条件的记录', 'No record fits'),
  noneHint: text('请放宽筛选条件，或清除筛选后再看。', 'Widen the filters, or clear them.'),
  empty: text('这里还没有记录', 'Nothing has been recorded here yet'),
  download: text('导出', 'Export'),
  print: text('打印', 'Print'),
  signOut: text('退出登录', 'Sign out'),
  account: text('账号', 'Account'),
  post: text('工作岗位', 'Working post'),
  otherLanguage: text('English', '中文'),
  demo: text(
    '演示数据：这里的人和地址都是虚构的，请勿录入真实信息。',
    'Sample data: every person and address here is made up. Do not enter real ones.',
  ),
  plain: text(
    '本页没有加密（HTTP）：手机用同样的地址打开时，拍照、离线登记和无网启动都不可用，也不会在手机上保存个人信息。请改用 HTTPS 地址。',
    'This page is not encrypted (HTTP): on phones the camera, offline recording and starting without a network are off, ' +
      'and nothing personal is stored. Please use the HTTPS address.',
  ),
  lost: text('登录已失效，请重新登录。页面上的内容还在。', 'Your session has ended. Sign in again; what is on the page stays.'),
  noPage: text('没有这个页面', 'There is no such page'),
  noPageHint: text(
    '它可能已被移动，或当前岗位不能查看。请从左侧菜单进入。',
    'It may have moved, or your present post may not see it. Use the menu on the left.',
  ),
  failed: text('页面出了错', 'The page failed'),
} as const

/** `已显示 50 / 共 5,926 条` */
export const shownOf = (shown: string, total: string) => text(`已显示 ${shown} 条，共 ${total} 条`, `${shown} of ${total} shown`)
export const shownOnly = (shown: string) => text(`已显示 ${shown} 条`, `${shown} shown`)
export const wrongCount = (count: number) =>
  text(`有 ${count} 处需要补全或改正。`, count === 1 ? 'One field needs your attention.' : `${count} fields need your attention.`)
