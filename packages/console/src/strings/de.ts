import { access } from './access.de.ts'
import { carriers } from './carriers.de.ts'
import { consent } from './consent.de.ts'
import type { Strings } from './en.ts'
import { errors } from './errors.de.ts'
import { carrierFields } from './fields.de.ts'
import { forms } from './forms.de.ts'
import { hours } from './hours.de.ts'
import { inbox } from './inbox.de.ts'
import { inboxSettings } from './inbox-settings.de.ts'
import { keywords } from './keywords.de.ts'
import { logins } from './logins.de.ts'
import { operate } from './operate.de.ts'
import { people } from './people.de.ts'
import { problems } from './problems.de.ts'
import { routes } from './routes.de.ts'
import { states } from './states.de.ts'
import { upkeep } from './upkeep.de.ts'
import { waiting } from './waiting.de.ts'
import { webhooks } from './webhooks.de.ts'

/** Alles, was die Konsole sagt, auf Deutsch. */
export const de: Strings = {
  languageName: 'Deutsch',
  brand: 'Kurzpost',
  titles: { send: 'Senden', message: 'Nachricht', key: 'Anmelden' },

  nav: {
    label: 'Hauptmenü',
    send: 'Senden',
    messages: 'Nachrichten',
    people: 'Menschen',
    more: 'Mehr',
    services: 'Dienste',
    operate: 'Betrieb',
    docs: 'API-Handbuch',
    skip: 'Zum Inhalt springen',
    sandbox: 'Probebetrieb',
    sandboxHint: 'Nichts verlässt diesen Rechner: Jede Nachricht geht an ein virtuelles Telefon.',
    live: 'Verbunden',
    offline: 'Verbinde neu …',
    settings: 'Einstellungen',
    language: 'Sprache',
    scheme: 'Darstellung',
    schemes: { auto: 'Wie das System', light: 'Hell', dark: 'Dunkel' },
    leave: 'Schlüssel vergessen',
  },

  palette: {
    open: 'Gehe zu …',
    placeholder: 'Eine Seite, eine Nummer oder die Kennung einer Nachricht',
    message: (id) => `Nachricht ${id}`,
    to: (number) => `Nachrichten an ${number}`,
    from: (number) => `Nachrichten von ${number}`,
    carrier: (id) => `Netzzugang ${id}`,
    consent: (number) => `Einwilligung von ${number}`,
    route: (number) => `Welcher Netzzugang nimmt ${number}?`,
    none: 'So heißt hier nichts. Eine Kennung beginnt mit msg_, eine Nummer mit +.',
  },

  key: {
    title: 'Welcher Schlüssel?',
    lead: 'Die Konsole spricht mit der API über einen Schlüssel, wie jedes andere Programm. Öffnen Sie die Adresse, die der Server beim Start ausgegeben hat, oder erzeugen Sie einen Schlüssel:',
    label: 'API-Schlüssel',
    enter: 'Anmelden',
    refused:
      'Der Server kennt diesen Schlüssel nicht. Vielleicht ist er widerrufen oder gehört zu einem anderen Server.',
    kept: 'Der Schlüssel bleibt in diesem Tab und verschwindet, wenn Sie ihn schließen.',
    missing: 'Fügen Sie zuerst einen Schlüssel ein.',
  },

  ...states,

  compose: {
    title: 'Nachricht schreiben',
    to: 'An',
    toHint: 'Mit Ländervorwahl, etwa +49 170 0000001',
    text: 'Text',
    placeholder: 'Was möchten Sie sagen?',
    send: 'Senden',
    sendTo: (number) => `An ${number} senden`,
    schedule: (number, when) => `An ${number} senden, ${when}`,
    sending: 'Wird gesendet …',
    shortcut: (keys) => `oder ${keys}`,
    noNumber: 'Für wen ist sie? Geben Sie eine Nummer an.',
    noText: 'Es gibt noch keinen Text.',
    options: 'Weitere Angaben',
    lane: 'Spur',
    laneHint: 'Was zuerst drankommt, wenn sich etwas staut: Warnungen, dann Codes und so fort.',
    sender: 'Absender',
    senderHint: 'Eine Nummer, eine Kurzwahl oder ein Name mit bis zu 11 Buchstaben. Leer: der übliche.',
    sendAt: 'Später senden',
    sendAtHint: 'In Ihrer Ortszeit. Leer: jetzt.',
    encoding: 'Zeichensatz',
    encodings: {
      auto: 'Selbsttätig',
      gsm7: 'Nur GSM-Alphabet (160 je Segment)',
      ucs2: 'Immer Unicode (70 je Segment)',
    },
    safe: 'Ihr Text ist noch da, und ein neuer Versuch sendet ihn nie zweimal.',
    done: (number) => `An ${number} gesendet.`,
    example: 'Ihr Tisch ist für 20 Uhr reserviert. Bis später!',
  },

  hints: {
    title: 'Vor dem Senden',
    severity: { error: 'Geht schief:', warning: 'Kann schiefgehen:', hint: 'Zu bedenken:' },
    source: (source, verified) => `${source}${verified ? '' : ' (aus dem Gedächtnis)'}.`,
  },
  meter: {
    segments: (count, shown) => (count === 1 ? '1 Segment' : `${shown} Segmente`),
    left: (_count, shown) => `noch ${shown} Zeichen`,
    price: (shown) => `etwa ${shown}`,
    estimate: 'Geschätzt: Segmente mal Preis eines Segments auf dem Leitweg, der zuerst kommt.',
    gsm7: 'GSM-Alphabet',
    ucs2: 'Unicode',
    empty: (per) => `${per} Zeichen je Segment`,
    offender: (code) => `(${code}) fehlt im GSM-Alphabet`,
    offenders: (more, shown) =>
      more > 0 ? `und ${shown} weitere fehlen im GSM-Alphabet` : 'fehlen im GSM-Alphabet',
    cost: (now, then) => `; daher braucht der Text ${now} statt ${then}.`,
    perSegment: '; daher fasst ein Segment 70 statt 160 Zeichen.',
    notEncodable: '; so kann er in diesem Zeichensatz nicht hinaus.',
    replace: (from, to) => `${to} statt ${from} schreiben`,
    replaceMany: (count) => `${count} Zeichen ersetzen`,
    invisible: 'unsichtbar',
  },

  curl: {
    first: 'Eine aus dem Terminal senden',
    title: 'Dasselbe mit curl',
    copy: 'Mit Schlüssel kopieren',
    copied: 'Kopiert',
    failed: 'Bitte von Hand kopieren',
    reveal: 'Schlüssel zeigen',
    hide: 'Schlüssel verbergen',
    label: 'Befehl für ein Terminal',
  },

  track: {
    title: 'Was mit ihr geschieht',
    empty:
      'Senden Sie einen Text, und sehen Sie hier zu: durch die Datenbank, über die Leitung, zum Telefon und zurück.',
    to: (number) => `An ${number}`,
    details: 'Nachricht öffnen',
    after: (time) => `+${time}`,
    pending: 'steht noch aus',
  },

  latest: {
    title: 'Letzte Nachrichten',
    all: 'Alle Nachrichten',
    empty: 'Was Sie senden und was hereinkommt, erscheint hier.',
  },

  handset: {
    title: 'Virtuelles Telefon',
    number: 'Nummer des Telefons',
    invalid: 'Eine Nummer wie +49 170 0000001',
    empty: 'Nachrichten an diese Nummer kommen hier an.',
    replyLabel: (to) => `Antwort an ${to}`,
    placeholder: 'Kurznachricht',
    send: 'Antwort senden',
    arrived: (text) => `Das Telefon summt: ${text}`,
    offline: 'Das Telefon ist nicht erreichbar. Neuer Versuch läuft …',
    messages: 'Nachrichten auf dem Telefon',
    fromYou: 'vom Telefon',
    toYou: 'an das Telefon',
  },

  list: {
    title: 'Nachrichten',
    filters: 'Filter',
    direction: 'Richtung',
    both: 'Beide',
    outbound: 'Gesendet',
    inbound: 'Empfangen',
    state: 'Zustand',
    lane: 'Spur',
    anyLane: 'Jede Spur',
    reference: (ref) => (ref.startsWith('aud_') ? 'Aus einem Versand an viele' : `Referenz ${ref}`),
    recipient: 'Empfänger',
    sender: 'Absender',
    clear: 'Filter aufheben',
    remove: (what) => `Filter ${what} aufheben`,
    columns: {
      state: 'Zustand',
      who: 'Nummer',
      text: 'Text',
      lane: 'Spur',
      segments: 'Segmente',
      when: 'Zeit',
    },
    to: 'an',
    from: 'von',
    fresh: (count, shown) => (count === 1 ? '1 neue Nachricht' : `${shown} neue Nachrichten`),
    show: 'Zeigen',
    older: 'Ältere',
    newest: 'Neueste',
    export: 'Als CSV sichern',
    shown: (count, shown) =>
      count === 1 ? '1 Nachricht auf dieser Seite' : `${shown} Nachrichten auf dieser Seite`,
    emptyTitle: 'Noch keine Nachrichten',
    empty: 'Senden Sie die erste aus der Konsole oder aus einem Terminal:',
    emptyButton: 'Nachricht schreiben',
    noneTitle: 'Zu diesen Filtern passt nichts',
    none: 'Nehmen Sie einen weg, oder sehen Sie alle Nachrichten an.',
    loading: 'Nachrichten werden geladen',
    csv: ['Id', 'Zeit', 'Richtung', 'Zustand', 'von', 'an', 'Text', 'Spur', 'Segmente'],
  },

  detail: {
    back: 'Nachrichten',
    next: 'Wie es weitergeht',
    timeline: 'Was geschah',
    segments: 'Segmente',
    segment: (index, total) => (total === 1 ? 'Das einzige Segment' : `Segment ${index} von ${total}`),
    units: { gsm7: (shown) => `${shown} Septette`, ucs2: (shown) => `${shown} UTF-16-Einheiten` },
    remoteId: 'Kennung im Netz',
    attempt: (attempt) => `Versuch ${attempt}`,
    receipts: 'Quittungen',
    showPdu: 'PDU zeigen',
    hidePdu: 'PDU verbergen',
    noPdu: 'Die Bytes wurden nicht aufgehoben.',
    decoded: 'Entschlüsselt',
    hex: 'Hex',
    hexLabel: 'Die PDU in Hex',
    facts: 'Angaben',
    from: 'Von',
    to: 'An',
    defaultSender: 'der übliche des Netzes',
    id: 'Kennung',
    lane: 'Spur',
    encoding: 'Zeichensatz',
    reference: 'Ihr Zeichen',
    created: 'Angenommen',
    receivedAt: 'Empfangen',
    sendAt: 'Zu senden',
    expires: 'Läuft ab',
    finalAt: 'Endgültig seit',
    duplicate: 'Nach ungewissem Ausgang noch einmal gesendet: Sie kann zweimal angekommen sein.',
    error: 'Was das Netz sagte',
    json: 'Wie die API sie zeigt',
    jsonLabel: 'Die Nachricht als JSON',
    call: 'Der Aufruf zu dieser Seite',
    again: 'Noch einmal senden',
    answer: 'Antworten',
    cancel: 'Nachricht zurückziehen',
    cancelSure: 'Wirklich zurückziehen? Sie geht dann nicht hinaus.',
    cancelYes: 'Ja, zurückziehen',
    cancelNo: 'Behalten',
    copy: (what) => `${what} kopieren`,
    notFound: 'Es gibt keine Nachricht mit dieser Kennung.',
    notFoundHint: 'Kennungen gehören zu einem Konto, und alte Nachrichten werden nach einiger Zeit entfernt.',
    keys: {
      attempt: 'Versuch',
      carrier: 'Netzzugang',
      remote_id: 'Kennung im Netz',
      error: 'Fehler',
      reason: 'Grund',
    },
  },

  errors,

  access,
  consent,
  forms,
  hours,
  carriers,
  carrierFields,
  routes,
  keywords,
  logins,
  inbox,
  inboxSettings,
  ...operate,
  people,
  problems,
  upkeep,
  waiting,
  webhooks,

  pages: { notFound: 'Diese Seite gibt es nicht.', home: 'Nachricht schreiben' },
  copy: { copied: 'Kopiert' },
  confirm: {
    type: (word) => `Zur Bestätigung ${word} eingeben`,
    differs: 'Das ist etwas anderes. Solange es nicht dasselbe ist, geschieht nichts.',
  },
  find: {
    some: (found, all) => `${found} von ${all}`,
    all: (all) => `${all} insgesamt`,
    none: 'Nichts passt dazu. Nehmen Sie ein Wort weg.',
  },
  locked: {
    rail: 'Diesem Schlüssel fehlt das Recht „operate“.',
    title: 'Dieser Schlüssel darf den Betrieb nicht sehen',
    text: 'Ihm fehlt das Recht „operate“. Erzeugen Sie auf dem Server einen Schlüssel, der es hat, und melden Sie sich damit an; der jetzige lässt sich in den Einstellungen vergessen.',
  },
  justNow: 'gerade eben',
}
