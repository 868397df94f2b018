/** What the linter may say of a text. `error`: it will go wrong; `warning`: it may, or it costs; `hint`: think of it. */
export type Severity = 'error' | 'warning' | 'hint'

/** One thing that was found. `from` and `to` are UTF-16 indexes in the text; without them it is about the whole. */
export interface Finding {
  from?: number
  to?: number
  /** What the sentence names and counts. */
  facts?: Readonly<Record<string, string | number>>
  /** Facts that are words, and so others in each language. */
  words?: Readonly<Record<'en' | 'de', Readonly<Record<string, string>>>>
}

interface Entry {
  readonly severity: Severity
  /** With {facts} in braces. */
  readonly en: string
  readonly de: string
  readonly source: string
  /** False: from memory; check before you rely on it. */
  readonly verified: boolean
}

const network =
  'Keywords that Twilio (advanced opt-out) and AWS (required keywords) act on by themselves, 2026-11'
const fcc = 'FCC, 47 CFR 64.1200(a)(10), words of revocation and no-reply senders, in force since 2025-04-11'
const ctia = 'CTIA Messaging Principles, May 2023'
const gsm = '3GPP TS 23.038 and 23.040'
const notify = 'GOV.UK Notify, notifications-utils, by destination; 2026-11'

/** Every code with its severity, sentences and source; where it is found is in the files beside this one. */
export const hints = {
  reply_is_opt_out: {
    severity: 'error',
    en: '“{word}” as an answer is an opt-out to networks: who answers it gets nothing from you any more. Offer another word.',
    de: 'Als Antwort ist „{word}“ für Netze eine Abmeldung: Wer so antwortet, bekommt nichts mehr von Ihnen. Bieten Sie ein anderes Wort an.',
    source: network,
    verified: true,
  },
  reply_may_be_opt_out: {
    severity: 'hint',
    en: '“{word}” as an answer ends marketing where no question of yours is open. Another word is safer.',
    de: 'Die Antwort „{word}“ beendet Werbung, wenn keine Frage von Ihnen offen ist. Ein anderes Wort ist sicherer.',
    source: 'Our own second tier of opt-out words',
    verified: true,
  },
  reply_is_opt_in: {
    severity: 'warning',
    en: '“{word}” as an answer is an opt-in to networks, and may be answered by them. Offer another word, such as {other}.',
    de: 'Als Antwort ist „{word}“ für Netze eine Anmeldung, auf die sie selbst antworten können. Bieten Sie ein anderes Wort an, etwa {other}.',
    source: network,
    verified: true,
  },
  reply_is_help: {
    severity: 'warning',
    en: '“{word}” as an answer is a call for help that networks may answer by themselves. Offer another word.',
    de: 'Auf die Antwort „{word}“ reagieren Netze mit einem eigenen Hilfetext. Bieten Sie ein anderes Wort an.',
    source: network,
    verified: true,
  },
  reply_impossible: {
    severity: 'error',
    en: 'The text asks for an answer, but nobody can answer to “{sender}”. Send from a number, or name another way.',
    de: 'Der Text bittet um eine Antwort, aber an „{sender}“ kann niemand antworten. Senden Sie von einer Nummer oder nennen Sie einen anderen Weg.',
    source: fcc,
    verified: true,
  },
  no_way_out: {
    severity: 'warning',
    en: 'Nobody can answer to “{sender}”, and the text names no other way to opt out. Say so, and give a link or a number.',
    de: 'An „{sender}“ kann niemand antworten, und der Text nennt keinen anderen Weg zur Abmeldung. Nennen Sie einen Link oder eine Nummer.',
    source: fcc,
    verified: true,
  },
  opt_out_missing: {
    severity: 'warning',
    en: 'Where the recipients are ({country}), marketing has to say in each message how to opt out.',
    de: 'Im Land der Empfänger ({country}) muss Werbung in jeder Nachricht sagen, wie man sich abmeldet.',
    source:
      'UK PECR reg. 22; France, STOP and contact (GOV.UK Notify, notifications-utils); US, CTIA Principles',
    verified: true,
  },
  opt_out_advised: {
    severity: 'hint',
    en: 'The text does not say how to opt out. Withdrawing consent must be as easy as giving it.',
    de: 'Der Text sagt nicht, wie man sich abmeldet. Widerrufen muss so leicht sein wie zustimmen.',
    source: 'GDPR Art. 7(3)',
    verified: false,
  },
  sender_unnamed: {
    severity: 'warning',
    en: 'The text does not say who writes, and a number does not either. Begin with your name{name}.',
    de: 'Der Text sagt nicht, wer schreibt, und eine Nummer auch nicht. Beginnen Sie mit Ihrem Namen{name}.',
    source: `${ctia}; UWG § 7: the sender of advertising must not be disguised`,
    verified: true,
  },
  alphanumeric_unsupported: {
    severity: 'warning',
    en: 'Where the recipients are ({country}), networks do not deliver names as senders: “{sender}” is replaced or refused. Use a number.',
    de: 'Im Land der Empfänger ({country}) stellen die Netze Namen als Absender nicht zu: „{sender}“ wird ersetzt oder abgewiesen. Nehmen Sie eine Nummer.',
    source: notify,
    verified: true,
  },
  alphanumeric_registered: {
    severity: 'hint',
    en: 'Where the recipients are ({country}), names as senders arrive only once they are registered.',
    de: 'Im Land der Empfänger ({country}) kommen Namen als Absender erst an, wenn sie angemeldet sind.',
    source: notify,
    verified: true,
  },
  mobile_sender_refused: {
    severity: 'warning',
    en: 'French mobile numbers may not send for companies since 2023. Use a name or a short code.',
    de: 'Französische Mobilnummern dürfen seit 2023 nicht für Firmen senden. Nehmen Sie einen Namen oder eine Kurzwahl.',
    source: 'France, A2P senders (help.withallo.com); 2026-11',
    verified: true,
  },
  marketing_not_carried: {
    severity: 'warning',
    en: 'Where the recipients are ({country}), some routes carry no marketing at all. Ask your carrier before you send.',
    de: 'Ins Land der Empfänger ({country}) befördern manche Wege gar keine Werbung. Fragen Sie Ihren Netzanbieter, bevor Sie senden.',
    source: notify,
    verified: true,
  },
  advert_as_service: {
    severity: 'hint',
    en: '“{word}” sounds like an offer. A service message with advertising in it counts as advertising, and needs consent.',
    de: '„{word}“ klingt nach einem Angebot. Eine Service-Nachricht mit Werbung gilt als Werbung und braucht eine Einwilligung.',
    source: 'ICO, guide to PECR',
    verified: true,
  },
  ucs2_by_few: {
    severity: 'warning',
    en: '{characters} {verb} the whole text into UCS-2: {before} segments in place of {after}. Write {replacement}.',
    de: '{characters}: Deshalb geht der ganze Text als UCS-2 hinaus, mit {before} statt {after} Segmenten. Schreiben Sie {replacement}.',
    source: gsm,
    verified: true,
  },
  ucs2_harmless: {
    severity: 'hint',
    en: '{characters} {verb} the text into UCS-2. It costs nothing yet, but a segment holds only 70 characters.',
    de: '{characters}: Deshalb geht der Text als UCS-2 hinaus. Das kostet noch nichts, aber ein Segment fasst nur 70 Zeichen.',
    source: gsm,
    verified: true,
  },
  one_segment_more: {
    severity: 'hint',
    en: '{less} a segment: {before} {become} {after}.',
    de: '{less} ein Segment: Aus {before} {become} {after}.',
    source: gsm,
    verified: true,
  },
  link_shortener: {
    severity: 'warning',
    en: 'Networks filter shared link shorteners such as {host}. Link to a domain of your own.',
    de: 'Netze filtern gemeinsam genutzte Kurzlinks wie {host}. Verlinken Sie eine eigene Domain.',
    source: ctia,
    verified: true,
  },
  placeholder_left: {
    severity: 'error',
    en: '“{placeholder}” is a placeholder that nobody has filled.',
    de: '„{placeholder}“ ist ein Platzhalter, den niemand gefüllt hat.',
    source: 'Our own',
    verified: true,
  },
} as const satisfies Record<string, Entry>

export type HintCode = keyof typeof hints
export const hintCodes = Object.keys(hints) as HintCode[]

const fill = (template: string, facts: Finding['facts'] = {}): string =>
  template.replace(/\{(\w+)\}/g, (_, name: string) => String(facts[name] ?? ''))

/** The sentences of a finding, by language. */
export const sentencesOf = (code: HintCode, { facts, words }: Finding): { en: string; de: string } => ({
  en: fill(hints[code].en, { ...facts, ...words?.en, ...factsIn('en', facts) }),
  de: fill(hints[code].de, { ...facts, ...words?.de, ...factsIn('de', facts) }),
})

const countryNames = {
  en: new Intl.DisplayNames('en', { type: 'region' }),
  de: new Intl.DisplayNames('de', { type: 'region' }),
}
/** Facts that read differently in each language. */
function factsIn(language: 'en' | 'de', facts: Finding['facts'] = {}): Record<string, string> {
  const { country, brand } = facts
  return {
    ...(country !== undefined && { country: countryNames[language].of(String(country)) ?? String(country) }),
    ...(brand !== undefined && { name: brand === '' ? '' : language === 'en' ? `, ${brand}` : `: ${brand}` }),
  }
}
