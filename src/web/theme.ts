// The colours and measures of the house, once: antd takes them as tokens, style sheets as custom properties.
import type { ThemeConfig } from 'antd'

export const colours = {
  primary: '#0C6B58',
  danger: '#B3261E',
  warning: '#8A5A00',
  warningPaper: '#FFF1E0',
  info: '#1D5FBF',
  text: '#17201E',
  /** On white 7.4:1, on the page 6.7:1. */
  secondary: '#4A5754',
  line: '#DDE3E1',
  /** Edge of an input, 3.1:1 on white. */
  edge: '#87938F',
  page: '#F3F5F4',
  card: '#FFFFFF',
  side: '#0F2420',
} as const

/** System faces that hold Chinese; no font is fetched. */
export const fontFamily = '"PingFang SC", "Microsoft YaHei", "Noto Sans SC", "Source Han Sans SC", system-ui, sans-serif'

export const theme: ThemeConfig = {
  token: {
    colorPrimary: colours.primary,
    colorLink: colours.primary,
    colorLinkHover: '#09513F',
    colorSuccess: colours.primary,
    colorError: colours.danger,
    colorWarning: colours.warning,
    colorInfo: colours.info,
    colorText: colours.text,
    colorTextSecondary: colours.secondary,
    colorTextTertiary: colours.secondary,
    colorTextDescription: colours.secondary,
    colorTextPlaceholder: '#5E6B68',
    colorIcon: colours.secondary,
    colorBorder: colours.edge,
    colorBorderSecondary: colours.line,
    colorSplit: colours.line,
    colorBgLayout: colours.page,
    fontFamily,
    fontSize: 14,
    lineHeight: 22 / 14,
    borderRadius: 8,
    borderRadiusSM: 6,
    controlHeight: 36,
    wireframe: false,
  },
  components: {
    Button: { primaryShadow: 'none', defaultShadow: 'none', dangerShadow: 'none' },
    Input: { activeShadow: '0 0 0 2px rgb(12 107 88 / 25%)' },
  },
}

/** The same as CSS custom properties: `--primary`, `--line` … */
export const asProperties = Object.entries(colours)
  .map(([name, value]) => `--${name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}:${value}`)
  .join(';')
