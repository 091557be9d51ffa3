// What is said about files that are not taken, or not shown.
import { problems } from '#core/problem.ts'

export const say = problems('files', {
  unknown: [
    404,
    {
      zh: '没有找到这个文件，可能还没有上传，或所在记录已撤回。',
      en: 'This file was not found. It may not have arrived yet, or its record was withdrawn.',
    },
  ],
  hidden: [403, { zh: '您当前的岗位不能查看这里的照片和扫描件。', en: 'Your present post may not see photos and scans here.' }],
  notTaken: [403, { zh: '您当前的岗位不能在这里上传照片或扫描件。', en: 'Your present post may not add photos or scans here.' }],
  tooLarge: [
    413,
    {
      zh: '文件超过 5 MB，请重新拍照或降低扫描清晰度后再传。',
      en: 'The file is larger than 5 MB. Take it again, or scan it more coarsely.',
    },
  ],
  wrongType: [
    415,
    { zh: '只能上传照片（JPEG、PNG、WebP）；扫描件请用 PDF。', en: 'Only photos (JPEG, PNG, WebP) are taken; scans as PDF.' },
  ],
  noPapers: [
    415,
    { zh: '这里只收照片，不收 PDF。请拍照上传。', en: 'Only photos are taken here, no PDF. Take a picture of it.' },
  ],
  damaged: [422, { zh: '文件不完整或已损坏，请重新拍照或扫描。', en: 'The file is damaged or cut off. Take or scan it again.' }],
  tooManyPixels: [422, { zh: '图片尺寸过大，请缩小后再传。', en: 'The picture has too many pixels. Shrink it first.' }],
  moving: [422, { zh: '不收动图，请上传静止的照片。', en: 'Moving pictures are not taken. Send a still one.' }],
  activePdf: [
    422,
    {
      zh: '这个 PDF 带有脚本、附件、表单动作或密码，不能上传。请打印后重新扫描。',
      en: 'This PDF holds scripts, attachments, form actions or a password. Print it and scan the paper.',
    },
  ],
  notYours: [
    403,
    { zh: '记录里引用了别人的照片。请重新拍照上传。', en: 'The record names a photo of somebody else. Take your own.' },
  ],
})
