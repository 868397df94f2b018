import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core'

/**
 * The whole look in one file: ink on paper, paper on ink, and the yellow of post boxes as the one signal.
 * Components and CSS modules use only the `--kp-*` variables made here, and Mantine's own.
 */
const signal: MantineColorsTuple = [
  '#fff8e0',
  '#ffefb8',
  '#ffe58c',
  '#ffda5e',
  '#ffd036',
  '#ffc81a',
  '#e3ad00',
  '#a67c00',
  '#755700',
  '#4a3700',
]

const paper: MantineColorsTuple = [
  '#fbfaf7',
  '#f7f5f0',
  '#eeebe4',
  '#e3dfd6',
  '#cfcac0',
  '#a9a59d',
  '#7c7a75',
  '#5b5a58',
  '#3b3b3c',
  '#17191d',
]

const ink: MantineColorsTuple = [
  '#eceae4',
  '#d3d2ce',
  '#a8aaad',
  '#777b81',
  '#383d45',
  '#2b3037',
  '#1c2026',
  '#14161a',
  '#0f1114',
  '#0a0b0d',
]

/** Colours of the states, light and dark; each holds 4.5:1 on the sheet and on its own tint. */
const stateColors = {
  waiting: ['#5f646b', '#aeb2b8'],
  onWay: ['#1c5bb8', '#86b7ff'],
  delivered: ['#18703a', '#6bd08f'],
  failed: ['#b3261e', '#ff9a90'],
  uncertain: ['#855400', '#f3bd55'],
  refused: ['#6a3cb4', '#c6a8f8'],
  received: ['#17191d', '#eceae4'],
  cancelled: ['#5f646b', '#aeb2b8'],
} as const

export const theme = createTheme({
  primaryColor: 'signal',
  primaryShade: { light: 5, dark: 5 },
  autoContrast: true,
  luminanceThreshold: 0.3,
  white: '#ffffff',
  black: '#17191d',
  colors: { signal, gray: paper, dark: ink },
  fontFamily: "'Inter Variable', system-ui, sans-serif",
  fontFamilyMonospace: "'JetBrains Mono Variable', ui-monospace, monospace",
  headings: { fontFamily: "'Inter Variable', system-ui, sans-serif", fontWeight: '620' },
  defaultRadius: 'md',
  radius: { sm: '6px', md: '9px', lg: '14px' },
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    InputWrapper: {
      styles: { label: { marginBottom: 5, fontSize: 'var(--mantine-font-size-sm)', fontWeight: 560 } },
    },
    Input: { vars: () => ({ wrapper: { '--input-bd-focus': 'var(--kp-ink)' } }) },
    Alert: {
      styles: {
        root: { background: 'color-mix(in srgb, var(--kp-state-failed) 7%, var(--kp-sheet))' },
        title: { color: 'var(--kp-state-failed)' },
        icon: { color: 'var(--kp-state-failed)' },
      },
    },
    Button: { defaultProps: { fw: 600 } },
    // An element of a menu that is no entry of it says nothing to a screen reader; the first entry takes the focus.
    Menu: { defaultProps: { withInitialFocusPlaceholder: false } },
    Tooltip: { defaultProps: { withArrow: true, events: { hover: true, focus: true, touch: true } } },
  },
})

const stateVariables = (scheme: 0 | 1) =>
  Object.fromEntries(
    Object.entries(stateColors).map(([state, pair]) => [`--kp-state-${state}`, pair[scheme]]),
  )

export const cssVariables: CSSVariablesResolver = () => ({
  variables: { '--kp-signal': signal[5], '--kp-on-signal': '#17191d' },
  light: {
    '--mantine-color-body': paper[1],
    '--mantine-color-text': '#17191d',
    '--mantine-color-dimmed': '#5f6064',
    '--mantine-color-placeholder': '#75767a',
    '--mantine-color-default': '#ffffff',
    '--mantine-color-default-hover': paper[1],
    '--mantine-color-default-border': paper[4],
    '--mantine-color-anchor': '#17191d',
    '--mantine-color-error': stateColors.failed[0],
    '--kp-ink': '#17191d',
    '--kp-sheet': '#ffffff',
    '--kp-well': paper[0],
    '--kp-line': paper[3],
    '--kp-line-strong': '#8b8983',
    '--kp-mark': '#ffe58c',
    '--kp-bubble': paper[2],
    '--kp-bezel': '#17191d',
    '--kp-bezel-edge': '#17191d',
    '--kp-shadow': '0 1px 2px rgb(23 25 29 / 5%), 0 8px 24px -16px rgb(23 25 29 / 18%)',
    ...stateVariables(0),
  },
  dark: {
    '--mantine-color-body': ink[7],
    '--mantine-color-text': ink[0],
    '--mantine-color-dimmed': ink[2],
    '--mantine-color-placeholder': '#8d9197',
    '--mantine-color-default': ink[6],
    '--mantine-color-default-hover': ink[5],
    '--mantine-color-default-border': '#474d56',
    '--mantine-color-anchor': ink[0],
    '--mantine-color-error': stateColors.failed[1],
    '--kp-ink': ink[0],
    '--kp-sheet': ink[6],
    '--kp-well': '#181b20',
    '--kp-line': ink[5],
    '--kp-line-strong': '#757b84',
    '--kp-mark': '#6b5000',
    '--kp-bubble': ink[5],
    '--kp-bezel': '#08090b',
    '--kp-bezel-edge': '#474d56',
    '--kp-shadow': 'none',
    ...stateVariables(1),
  },
})
