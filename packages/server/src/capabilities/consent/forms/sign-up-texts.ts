import { compact, normalise } from '../normalise.ts'

/** What asks somebody by SMS whether it was they, and what thanks them. */
interface Texts {
  ask: string
  reply: string
  code: string
  either: string
  ignore: string
  granted: string
  stop: string
  link: string
  rates?: string
  preferences: string
  /** What people answer. */
  yes: readonly string[]
  no: readonly string[]
}

const texts = {
  en: {
    ask: '{name}: Do you want texts about {topics}?',
    reply: 'Reply YES.',
    code: 'Your code: {code}.',
    either: 'Reply YES or enter the code {code}.',
    ignore: 'If not, do nothing.',
    granted: '{name}: You now get texts about {topics}.',
    stop: 'Opt out with STOP.',
    link: 'Opt out: {link}',
    rates: 'Msg & data rates may apply. HELP for help.',
    preferences: '{name}: See and change what you get from us: {link} (valid until {until})',
    yes: ['YES', 'Y', 'OK', 'YEP'],
    no: ['NO', 'N'],
  },
  de: {
    ask: '{name}: Möchten Sie SMS zu {topics}?',
    reply: 'Antworten Sie mit JA.',
    code: 'Ihr Code: {code}.',
    either: 'Antworten Sie mit JA oder geben Sie den Code {code} ein.',
    ignore: 'Wenn nicht, tun Sie nichts.',
    granted: '{name}: Sie erhalten nun SMS zu {topics}.',
    stop: 'Abmelden mit STOP.',
    link: 'Abmelden: {link}',
    preferences: '{name}: Was Sie von uns erhalten, sehen und ändern Sie hier: {link} (gültig bis {until})',
    yes: ['JA', 'J', 'OK', 'JO'],
    no: ['NEIN', 'NÖ'],
  },
  fr: {
    ask: '{name} : voulez-vous des SMS sur {topics} ?',
    reply: 'Répondez OUI.',
    code: 'Votre code : {code}.',
    either: 'Répondez OUI ou entrez le code {code}.',
    ignore: 'Sinon, ne faites rien.',
    granted: '{name} : vous recevez maintenant des SMS sur {topics}.',
    stop: 'STOP pour arrêter.',
    link: 'Se désinscrire : {link}',
    preferences: "{name} : vos préférences : {link} (jusqu'au {until})",
    yes: ['OUI', 'O', 'OK'],
    no: ['NON'],
  },
  es: {
    ask: '{name}: ¿quiere SMS sobre {topics}?',
    reply: 'Responda SI.',
    code: 'Su codigo: {code}.',
    either: 'Responda SI o introduzca el codigo {code}.',
    ignore: 'Si no, no haga nada.',
    granted: '{name}: ahora recibe SMS sobre {topics}.',
    stop: 'BAJA para dejarlo.',
    link: 'Baja: {link}',
    preferences: '{name}: sus preferencias: {link} (hasta {until})',
    yes: ['SI', 'SÍ', 'OK'],
    no: ['NO'],
  },
  it: {
    ask: '{name}: vuole SMS su {topics}?',
    reply: 'Risponda SI.',
    code: 'Il suo codice: {code}.',
    either: 'Risponda SI o inserisca il codice {code}.',
    ignore: 'Altrimenti non faccia nulla.',
    granted: '{name}: ora riceve SMS su {topics}.',
    stop: 'STOP per terminare.',
    link: 'Disiscrizione: {link}',
    preferences: '{name}: le sue preferenze: {link} (fino al {until})',
    yes: ['SI', 'SÌ', 'OK'],
    no: ['NO'],
  },
  nl: {
    ask: '{name}: wilt u sms over {topics}?',
    reply: 'Antwoord JA.',
    code: 'Uw code: {code}.',
    either: 'Antwoord JA of vul de code {code} in.',
    ignore: 'Zo niet, doe niets.',
    granted: '{name}: u krijgt nu sms over {topics}.',
    stop: 'Afmelden met STOP.',
    link: 'Afmelden: {link}',
    preferences: '{name}: uw voorkeuren: {link} (tot {until})',
    yes: ['JA', 'OK'],
    no: ['NEE'],
  },
} as const satisfies Record<string, Texts>

export type SignUpLanguage = keyof typeof texts
export const signUpLanguages = Object.keys(texts) as SignUpLanguage[]

/** The nearest language that we have sentences in. */
export const signUpLanguage = (tag: string): SignUpLanguage => {
  const base = tag.toLowerCase().split(/[-_]/)[0] as SignUpLanguage
  return signUpLanguages.includes(base) ? base : 'en'
}

const fill = (template: string, facts: Readonly<Record<string, string>>): string =>
  template.replace(/\{(\w+)\}/g, (_, name: string) => facts[name] ?? '')

/** Whether somebody can answer to a sender: not to a name. Null, the default of the house, mostly can. */
export const takesReplies = (sender: string | null): boolean => sender === null || !/[A-Za-z]/.test(sender)

export interface Asking {
  language: SignUpLanguage
  name: string
  topics: readonly string[]
  sender: string | null
  code: string
  /** There is a place where the code can be entered. */
  takesCode: boolean
}

/** The text that asks; says only what can be done. */
export function askingText({ language, name, topics, sender, code, takesCode }: Asking): string {
  const said: Texts = texts[language]
  const way = !takesReplies(sender) ? said.code : takesCode ? said.either : said.reply
  return fill(`${said.ask} ${way} ${said.ignore}`, { name, topics: topics.join(', '), code })
}

/** The text that confirms: who writes, what about, and how it ends. */
export function grantedText(options: {
  language: SignUpLanguage
  name: string
  topics: readonly string[]
  number: string
  sender: string | null
  link: string
}): string {
  const { language, name, topics, number, sender, link } = options
  const said: Texts = texts[language]
  const out = takesReplies(sender) ? said.stop : said.link
  // CTIA Principles: an opt-in confirmation names programme, cost, help and opt-out.
  const rates = number.startsWith('+1') && said.rates ? ` ${said.rates}` : ''
  return fill(`${said.granted} ${out}${rates}`, { name, topics: topics.join(', '), link })
}

export const preferencesText = (
  language: SignUpLanguage,
  facts: { name: string; link: string; until: string },
): string => fill(texts[language].preferences, facts)

const fold = (word: string): string => compact(normalise(word))
const wordsOf = (kind: 'yes' | 'no'): ReadonlySet<string> =>
  new Set(Object.values(texts).flatMap((said: Texts) => said[kind].map(fold)))
const yes = wordsOf('yes')
const no = wordsOf('no')

export type Answer = { yes: boolean; word: string } | { code: string }

/** What somebody answers to the question: a word that is the whole message, in any of our languages, or a code in it. */
export function readAnswer(text: string): Answer | undefined {
  const code = /(?<!\d)(\d{3})[ -]?(\d{3})(?!\d)/.exec(text)
  if (code && text.length <= 40) return { code: code[1]! + code[2]! }
  const word = fold(text)
  if (!yes.has(word) && !no.has(word)) return undefined
  return { yes: yes.has(word), word: text.trim().slice(0, 20).toWellFormed() }
}
