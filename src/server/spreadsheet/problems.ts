// Why a workbook was not taken, each with the next step for the person who sent it.
import { problems } from '#core/problem.ts'
import type { Text } from '#core/text.ts'

/**
 * What a workbook had too much of: size of the file, size unpacked, parts, rows, columns, cells, merged ranges, text in one
 * cell, or memory while reading. `below` is a row far under all others.
 */
export type Measure = 'bytes' | 'unpacked' | 'parts' | 'rows' | 'below' | 'columns' | 'cells' | 'merges' | 'text' | 'memory'

/** What a file turned out to be instead of an .xlsx workbook or a .csv file. */
export type Disguise = 'empty' | 'html' | 'oldXml' | 'otherZip' | 'text' | 'other'

const megabytes = (bytes: number): string => `${Math.max(1, Math.round(bytes / 1e6))} MB`

const tooMuch: Record<Measure, (limit: number) => Text> = {
  bytes: (limit) => ({
    zh: `文件超过 ${megabytes(limit)}。请删去图片和不用的工作表，或拆成几份分别上传。`,
    en: `The file is larger than ${megabytes(limit)}. Remove pictures and unused sheets, or split it and upload the parts.`,
  }),
  unpacked: (limit) => ({
    zh: `文件解压后超过 ${megabytes(limit)}，或压缩得不合常理，为安全起见没有打开。请把需要的单元格复制到一个新工作簿里，再上传。`,
    en:
      `Unpacked, the file exceeds ${megabytes(limit)} or is compressed beyond reason, so it was not opened. ` +
      'Copy the cells you need into a new workbook and upload that.',
  }),
  rows: (limit) => ({
    zh: `有内容的行超过 ${limit} 行。请拆成几份，分别上传。`,
    en: `More than ${limit} rows hold something. Split the list into several files and upload each.`,
  }),
  columns: (limit) => ({
    zh: `有内容的列超过 ${limit} 列。请只保留需要的列，再上传。`,
    en: `More than ${limit} columns hold something. Keep only the columns you need and upload again.`,
  }),
  cells: (limit) => ({
    zh: `有内容的单元格超过 ${limit} 个。请拆成几份，分别上传。`,
    en: `More than ${limit} cells hold something. Split the list into several files and upload each.`,
  }),
  parts: (limit) => ({
    zh: `文件里的工作表或附件超过 ${limit} 个。请把需要的单元格复制到一个新工作簿里，再上传。`,
    en: `The file holds more than ${limit} sheets or attachments. Copy the cells you need into a new workbook and upload that.`,
  }),
  below: (limit) => ({
    zh: `第 ${limit} 行以下还有内容，离表格太远。请在 Excel 或 WPS 里按 Ctrl+End 找到它，删去这些行，保存后再上传。`,
    en:
      `Something stands below row ${limit}, far from the list. Press Ctrl+End in Excel or WPS to find it, delete those rows, ` +
      'save and upload again.',
  }),
  merges: (limit) => ({
    zh: `合并的单元格超过 ${limit} 处，或范围过大。请取消合并，或拆成几份，再上传。`,
    en: `More than ${limit} ranges are merged, or they are too wide. Unmerge the cells or split the list, and upload again.`,
  }),
  text: (limit) => ({
    zh: `有一个单元格的文字超过 ${limit} 个字。请删短；如果是文本文件，请检查引号是否成对，再上传。`,
    en:
      `One cell holds more than ${limit} characters. Shorten it; in a text file, check that quotation marks come in pairs. ` +
      'Then upload again.',
  }),
  memory: () => ({
    zh: '读取这个文件所需的内存超过上限，已停止。请把需要的单元格复制到一个新工作簿里，或拆成几份再上传。',
    en: 'Reading this file takes more memory than allowed, so it was stopped. Copy what you need into a new workbook, or split it.',
  }),
}

const disguises: Record<Disguise, Text> = {
  empty: { zh: '文件是空的', en: 'The file is empty' },
  html: { zh: '这是一个网页，只是改了扩展名', en: 'This is a web page with another extension' },
  oldXml: { zh: '这是 2003 年的 XML 表格', en: 'This is an XML spreadsheet of 2003' },
  otherZip: {
    zh: '这是压缩包或另一种文档，不是 .xlsx 工作簿',
    en: 'This is an archive or another kind of document, not an .xlsx workbook',
  },
  text: { zh: '这是文本文件，扩展名却不是 .csv', en: 'This is a text file whose extension is not .csv' },
  other: { zh: '这不是表格文件', en: 'This is not a spreadsheet' },
}

export const say = problems('spreadsheet', {
  tooLarge: [413, ({ what, limit }: { what: Measure; limit: number }) => tooMuch[what](limit)],
  notAWorkbook: [
    422,
    ({ found }: { found: Disguise }) => ({
      zh: `${disguises[found].zh}。请用 Excel 或 WPS 打开，“另存为”.xlsx 后再上传。`,
      en: `${disguises[found].en}. Open it in Excel or WPS, save it as .xlsx and upload that.`,
    }),
  ],
  oldFormat: [
    422,
    {
      zh: '这是旧的 .xls 格式。请用 Excel 或 WPS 打开，“另存为”.xlsx 后再上传。',
      en: 'This is the old .xls format. Open it in Excel or WPS, save it as .xlsx and upload that.',
    },
  ],
  encrypted: [
    422,
    {
      zh: '工作簿设了打开密码。请打开它，去掉密码，保存后再上传。',
      en: 'The workbook is protected by a password. Open it, remove the password, save it and upload again.',
    },
  ],
  macros: [
    422,
    {
      zh: '工作簿里有宏。请“另存为”不含宏的 .xlsx 后再上传。',
      en: 'The workbook contains macros. Save it as .xlsx without macros and upload that.',
    },
  ],
  externalLinks: [
    422,
    {
      zh: '工作簿引用了别的文件或外部数据。请把单元格“复制、选择性粘贴为数值”到新工作簿里，再上传。',
      en: 'The workbook draws on other files or outside data. Paste its cells as values into a new workbook and upload that.',
    },
  ],
  entities: [
    422,
    {
      zh: '文件里有不应出现的 XML 声明，为安全起见没有打开。请用 Excel 或 WPS 打开，“另存为”.xlsx 后再上传。',
      en:
        'The file carries XML declarations that do not belong there, so it was not opened. ' +
        'Open it in Excel or WPS, save it as .xlsx and upload that.',
    },
  ],
  truncated: [
    422,
    {
      zh: '文件不完整，多半是下载或传输中断了。请重新取得这个文件，能正常打开后再上传。',
      en: 'The file is incomplete; a download or transfer probably broke off. Get it again, check that it opens, and upload it.',
    },
  ],
  damaged: [
    422,
    {
      zh: '文件已损坏，读不出来。请用 Excel 或 WPS 打开并修复，“另存为”.xlsx 后再上传。',
      en: 'The file is damaged and cannot be read. Open and repair it in Excel or WPS, save it as .xlsx and upload that.',
    },
  ],
  tooManyAtOnce: [
    429,
    {
      zh: '正在读取的文件太多。请过一分钟再上传。',
      en: 'Too many files are being read. Upload again in a minute.',
    },
  ],
  tookTooLong: [
    422,
    ({ seconds }: { seconds: number }) => ({
      zh: `${seconds} 秒内没有读完，已停止。请把需要的单元格复制到一个新工作簿里，或拆成几份再上传。`,
      en: `It could not be read within ${seconds} s and was stopped. Copy the cells you need into a new workbook, or split it.`,
    }),
  ],
})
