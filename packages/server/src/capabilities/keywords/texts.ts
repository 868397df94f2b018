/** What is said where a service has no words of its own for it, in the languages that the house speaks. */
export type Texts = Readonly<Record<string, string>>

export const houseTexts = {
  usage: { en: 'Please send: {{usage}}', de: 'Bitte senden Sie: {{usage}}' },
  not_found: {
    en: 'Nothing found for "{{arguments}}".{{suggestions}}',
    de: 'Zu "{{arguments}}" ist nichts zu finden.{{suggestions}}',
  },
  failed: {
    en: 'This information is not available at the moment. Please try again later.',
    de: 'Diese Auskunft ist im Moment nicht möglich. Bitte versuchen Sie es später noch einmal.',
  },
  quota: {
    en: 'You have asked very often. Please try again later.',
    de: 'Sie haben sehr oft gefragt. Bitte versuchen Sie es später noch einmal.',
  },
  did_you_mean: { en: 'Did you mean {{choices}}?', de: 'Meinten Sie {{choices}}?' },
  unknown: {
    en: 'We do not know this word.{{suggestions}} Words that we know: {{words}}',
    de: 'Dieses Wort kennen wir nicht.{{suggestions}} Diese kennen wir: {{words}}',
  },
} as const satisfies Record<string, Texts>
export type HouseText = keyof typeof houseTexts

/** Between choices: "BUS or BAHN". */
const or: Texts = { en: ' or ', de: ' oder ' }

/** The first of the wanted languages that there is, with its text; any, where there is none. A region does not count. */
export function inLanguage(texts: Texts, wanted: readonly (string | null | undefined)[]): [string, string] {
  for (const tag of wanted) {
    const language = (tag ?? '').split(/[-_]/, 1)[0]!.toLowerCase()
    const text = texts[language]
    if (text !== undefined) return [language, text]
  }
  return Object.entries(texts)[0] ?? ['en', '']
}

export const joinChoices = (choices: readonly string[], language: string): string =>
  choices.length < 2
    ? (choices[0] ?? '')
    : choices.slice(0, -1).join(', ') + inLanguage(or, [language])[1] + choices.at(-1)
