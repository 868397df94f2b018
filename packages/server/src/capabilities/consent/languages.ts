import { type Language, vocabulary } from './vocabulary.ts'

/**
 * Languages in which people with numbers of a country are written to, first the one that most expect. By calling code
 * (ITU-T E.164); countries that are missing tell us nothing.
 */
const byCallingCode: Readonly<Record<string, readonly Language[]>> = {
  '1': ['en', 'es', 'fr'],
  '7': ['ru'],
  '20': ['ar', 'en'],
  '27': ['en'],
  '30': ['el'],
  '31': ['nl'],
  '32': ['nl', 'fr', 'de'],
  '33': ['fr'],
  '34': ['es'],
  '36': ['hu'],
  '39': ['it', 'de'],
  '40': ['ro'],
  '41': ['de', 'fr', 'it'],
  '43': ['de'],
  '44': ['en'],
  '45': ['da'],
  '46': ['sv'],
  '47': ['no'],
  '48': ['pl'],
  '49': ['de'],
  '51': ['es'],
  '52': ['es'],
  '54': ['es'],
  '55': ['pt'],
  '56': ['es'],
  '57': ['es'],
  '58': ['es'],
  '61': ['en'],
  '64': ['en'],
  '65': ['en', 'zh'],
  '81': ['ja'],
  '82': ['ko'],
  '86': ['zh'],
  '90': ['tr'],
  '91': ['hi', 'en'],
  '212': ['ar', 'fr'],
  '213': ['ar', 'fr'],
  '216': ['ar', 'fr'],
  '351': ['pt'],
  '352': ['fr', 'de'],
  '353': ['en'],
  '357': ['el', 'tr', 'en'],
  '358': ['fi', 'sv'],
  '373': ['ro', 'ru'],
  '375': ['ru'],
  '376': ['es', 'fr'],
  '377': ['fr'],
  '380': ['uk', 'ru'],
  '420': ['cs'],
  '421': ['sk'],
  '423': ['de'],
  '852': ['zh', 'en'],
  '886': ['zh'],
  '961': ['ar', 'fr', 'en'],
  '962': ['ar', 'en'],
  '965': ['ar', 'en'],
  '966': ['ar', 'en'],
  '971': ['ar', 'en'],
  '972': ['he', 'ar', 'en'],
  '974': ['ar', 'en'],
}

/** `de-AT` is `de`; Norwegian has three names. */
export function baseLanguage(tag: string): string {
  const base = tag.toLowerCase().split(/[-_]/)[0]!
  return base === 'nb' || base === 'nn' ? 'no' : base
}

const languagesOf = (number: string): readonly Language[] | undefined => {
  const digits = number.startsWith('+') ? number.slice(1) : ''
  for (const length of [3, 2, 1]) {
    const found = byCallingCode[digits.slice(0, length)]
    if (digits.length > length && found) return found
  }
  return undefined
}

/** What somebody may speak: what is known of the person, and what is spoken where the number is from; undefined: unknown. */
export function spokenBy(number: string, known: string | null): readonly string[] | undefined {
  const local = languagesOf(number)
  if (known === null) return local
  return [baseLanguage(known), ...(local ?? [])]
}

/**
 * The language of an answer: that which is known of the person; else that of the word, where only one has it; else the one
 * that is most expected of those in which the word means this; else `fallback`.
 */
export function answerLanguage(
  number: string,
  known: string | null,
  wordIn: readonly Language[],
  fallback: string,
): string {
  if (known !== null && Object.hasOwn(vocabulary, baseLanguage(known))) return baseLanguage(known)
  if (wordIn.length === 1) return wordIn[0]!
  const local = languagesOf(number) ?? []
  return (
    local.find((language) => wordIn.includes(language)) ??
    (wordIn.length === 0 ? local[0] : undefined) ??
    fallback
  )
}
