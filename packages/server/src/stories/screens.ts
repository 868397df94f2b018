/**
 * On what every page is looked at: both widths that matter, both schemes, both languages, in as few runs as that takes,
 * for a look at a page costs seconds. What a colour does to a narrow page it does to a wide one.
 */
export const screens = {
  'a desk in English': { viewport: { width: 1440, height: 900 }, colorScheme: 'light', locale: 'en-GB' },
  'a phone at night in German': {
    viewport: { width: 360, height: 740 },
    colorScheme: 'dark',
    locale: 'de-DE',
  },
} as const
