import type { Act, How } from '../entry.ts'

/** What the printed proof says, by language. */
export interface ProofWords {
  lang: string
  locale: string
  title: string
  of(name: string, id: string): string
  made: string
  holds: string
  topic: string
  state: string
  standing: Readonly<Record<'granted' | 'withdrawn' | 'none', string>>
  marketing: string
  history: string
  nothing: string
  older: string
  acts: Readonly<Record<Act, string>>
  hows: Readonly<Record<How, string>>
  about: string
  how: string
  via: string
  allFrom(sender: string): string
  everything: string
  person: string
  erased: string
  actor: string
  messages: string
  entry: string
  place(seq: number): string
  hash: string
  before: string
  content: string
  salt: string
  check: string
  intact: string
  broken: string
  details: Readonly<Record<string, string>>
  chain: string
  chainIs(entries: number): string
  key: string
  verify: string
  verifying: string
}

export const proofWords: Readonly<Record<'en' | 'de', ProofWords>> = {
  en: {
    lang: 'en',
    locale: 'en-GB',
    title: 'Consent of',
    of: (name, id) => `Recorded by ${name} (${id}).`,
    made: 'Printed on',
    holds: 'What holds now',
    topic: 'Topic',
    state: 'State',
    standing: { granted: 'agreed', withdrawn: 'opted out', none: 'never asked' },
    marketing: 'Other advertising',
    history: 'What was said, oldest first',
    nothing: 'This number has said nothing.',
    older: 'These are the newest entries; older ones do not fit here, and stand in the ledger.',
    acts: {
      requested: 'Asked to sign up',
      granted: 'Agreed',
      withdrawn: 'Opted out',
      restored: 'Took the opt-out back',
      lapsed: 'Did not confirm',
      erased: 'Was erased',
    },
    hows: {
      web_form: 'web form',
      sms_double_opt_in: 'SMS, confirmed from this number (double opt-in)',
      sms_keyword: 'SMS from this number',
      import: 'imported list',
      agent: 'told to an agent',
      api: 'another system, over the API',
      carrier: 'told to the SMS provider, which blocks',
      erasure: 'erasure at the person’s wish',
      expiry: 'time ran out',
    },
    about: 'About',
    how: 'By',
    via: 'Sent to',
    allFrom: (sender) => `all that comes from ${sender}`,
    everything: 'everything',
    person: 'Person',
    erased: 'Number and texts were erased; the chain keeps a salted hash.',
    actor: 'Written by',
    messages: 'Messages',
    entry: 'Entry',
    place: (seq) => `no. ${seq} of the chain`,
    hash: 'Hash',
    before: 'Hash before',
    content: 'Content',
    salt: 'Salt',
    check: 'Check',
    intact: 'Content, texts and hash agree.',
    broken: 'Does not agree:',
    details: {
      text_shown: 'Text shown',
      text_received: 'Text received',
      word: 'Word that counted',
      source_address: 'From',
      user_agent: 'Browser',
      note: 'Note',
      actor_name: 'Name',
      language: 'Language',
      said_at: 'Said on',
    },
    chain: 'The chain',
    chainIs: (entries) => `It has ${entries} entries; the hash of the last is`,
    key: 'This number is called in it',
    verify: 'How to check this page',
    verifying:
      'Each hash is SHA-256 (hex) over the line “Content”, as it stands. In it, “prev” is the hash of the entry before it, and “details” is SHA-256 over the salt (16 octets) followed by {"details":…,"number":…} as JSON with keys in order and no spaces. The JSON form of this proof has all of it for machines. “npx kurzpost doctor” walks the whole chain of the account and names the first entry that does not fit.',
  },
  de: {
    lang: 'de',
    locale: 'de-DE',
    title: 'Einwilligung von',
    of: (name, id) => `Aufgezeichnet von ${name} (${id}).`,
    made: 'Gedruckt am',
    holds: 'Was jetzt gilt',
    topic: 'Thema',
    state: 'Stand',
    standing: { granted: 'eingewilligt', withdrawn: 'abgemeldet', none: 'nie gefragt' },
    marketing: 'Sonstige Werbung',
    history: 'Was erklärt wurde, das Älteste zuerst',
    nothing: 'Von dieser Nummer gibt es keine Erklärung.',
    older: 'Das sind die neuesten Einträge; ältere passen nicht hierher und stehen im Einwilligungsbuch.',
    acts: {
      requested: 'Wollte sich anmelden',
      granted: 'Hat eingewilligt',
      withdrawn: 'Hat sich abgemeldet',
      restored: 'Hat die Abmeldung zurückgenommen',
      lapsed: 'Hat nicht bestätigt',
      erased: 'Wurde gelöscht',
    },
    hows: {
      web_form: 'Formular im Netz',
      sms_double_opt_in: 'SMS, von dieser Nummer bestätigt (Double-Opt-in)',
      sms_keyword: 'SMS von dieser Nummer',
      import: 'eingelesene Liste',
      agent: 'mündlich oder schriftlich bei einem Mitarbeiter',
      api: 'anderes System, über die API',
      carrier: 'beim SMS-Anbieter, der sperrt',
      erasure: 'Löschung auf Wunsch',
      expiry: 'Frist abgelaufen',
    },
    about: 'Worüber',
    how: 'Auf welchem Weg',
    via: 'Geschickt an',
    allFrom: (sender) => `alles von ${sender}`,
    everything: 'alles',
    person: 'Person',
    erased: 'Nummer und Texte wurden gelöscht; in der Kette steht ein gesalzener Hash.',
    actor: 'Eingetragen von',
    messages: 'Nachrichten',
    entry: 'Eintrag',
    place: (seq) => `Nr. ${seq} der Kette`,
    hash: 'Hash',
    before: 'Hash davor',
    content: 'Inhalt',
    salt: 'Salz',
    check: 'Prüfung',
    intact: 'Inhalt, Texte und Hash passen zusammen.',
    broken: 'Passt nicht zusammen:',
    details: {
      text_shown: 'Angezeigter Text',
      text_received: 'Empfangener Text',
      word: 'Wort, das zählte',
      source_address: 'Von',
      user_agent: 'Browser',
      note: 'Notiz',
      actor_name: 'Name',
      language: 'Sprache',
      said_at: 'Erklärt am',
    },
    chain: 'Die Kette',
    chainIs: (entries) => `Sie hat ${entries} Einträge; der Hash des letzten ist`,
    key: 'Diese Nummer heißt darin',
    verify: 'Wie man diese Seite prüft',
    verifying:
      'Jeder Hash ist SHA-256 (hexadezimal) über die Zeile „Inhalt“, wie sie hier steht. Darin ist „prev“ der Hash des Eintrags davor, und „details“ ist SHA-256 über das Salz (16 Oktette), gefolgt von {"details":…,"number":…} als JSON mit geordneten Schlüsseln und ohne Leerzeichen. In der JSON-Form dieses Nachweises steht alles für Maschinen. „npx kurzpost doctor“ geht die ganze Kette des Kontos durch und nennt den ersten Eintrag, der nicht passt.',
  },
}
