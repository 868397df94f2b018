import type { carriers as en } from './carriers.en.ts'

/** Die Wörter der Seiten über Netzzugänge, auf Deutsch. */
export const carriers: typeof en = {
  title: 'Netzzugänge',
  lead: 'Die Verbindungen, über die Nachrichten hinausgehen: SMPP-Leitungen und die HTTP-Schnittstellen der Anbieter.',
  add: 'Netzzugang anlegen',
  emptyTitle: 'Noch kein Netzzugang',
  empty:
    'Ein Netzzugang nimmt Nachrichten in ein Netz mit. Ohne einen wartet, was Sie senden, in der Warteschlange.',
  columns: {
    name: 'Netzzugang',
    state: 'Zustand',
    binds: 'Verbindungen',
    rate: 'Segmente/s',
    window: 'Auf der Leitung',
    answers: 'Antwort binnen, 50 % / 99 %',
    errors: 'Fehler zuletzt',
    queued: 'Wartend',
    actions: 'Ändern',
  },
  bindsUp: (up, of) => `${up} von ${of}`,
  partOf: (used, size) => `${used} von ${size}`,
  edit: 'Ändern',
  editName: (name) => `${name} ändern`,
  find: 'Netzzugang, Adresse oder Zustand suchen',
  noErrors: 'keine',
  kinds: { smpp: 'SMPP', http: 'HTTP' },

  states: {
    up: 'verbunden',
    degraded: 'eingeschränkt',
    down: 'ausgefallen',
    paused: 'angehalten',
    drained: 'abgemeldet',
  },
  bindStates: { bound: 'verbunden', binding: 'meldet sich an', open: 'ruht', down: 'getrennt' },

  sentence: {
    up: (name, _up, of) =>
      of === '1' ? `${name} ist verbunden.` : `${name} ist mit allen ${of} Verbindungen da.`,
    degraded: (name, up, of) =>
      up === of
        ? `${name} ist verbunden, aber nicht gesund.`
        : `${name} läuft mit ${up} von ${of} Verbindungen.`,
    down: (name) => `${name} ist ausgefallen.`,
    paused: (name) => `${name} ist angehalten.`,
    drained: (name) => `${name} ist abgemeldet.`,
  },
  next: {
    up: 'Sie müssen nichts tun.',
    degraded:
      'Nachrichten gehen über die Verbindungen hinaus, die geblieben sind. Die anderen werden von selbst wieder versucht; bleiben sie weg, sehen Sie unten nach ihrem letzten Fehler.',
    down: 'Nachrichten, die einen anderen Weg haben, nehmen ihn; die übrigen warten. Der Zugang wird von selbst wieder versucht. Bleibt er weg, prüfen Sie Adresse, Benutzerkennung und Passwort, und fragen Sie den Anbieter.',
    paused:
      'Seine Leitungen stehen; Quittungen und Antworten kommen herein, und nichts Neues geht über ihn hinaus. Setzen Sie ihn fort, wenn er wieder senden soll.',
    drained:
      'Er ist abgemeldet: Weder Quittungen noch Antworten kommen herein. Setzen Sie ihn fort, wenn er wieder arbeiten soll.',
  },
  nextByCode: {
    circuit_open:
      'Zu viel von dem, was er bekam, ging schief; daher ruht er und wird dann mit wenig wieder versucht. Nachrichten, die einen anderen Weg haben, nehmen ihn. Sehen Sie unten nach seinen Fehlern.',
    not_held:
      'Kein Knoten hält seine Leitungen. Läuft einer, der das darf (Aufgabe carriers)? Ein neuer Netzzugang wird binnen Sekunden übernommen.',
    unknown_kind: 'Diese Fassung kennt seine Art nicht. Starten Sie die Fassung, die ihn angelegt hat.',
  },
  since: (when) => `Seit ${when}.`,
  lastError: (sentence, when) => `Letzter Fehler, ${when}: ${sentence}`,

  modes: { active: 'Fortsetzen', paused: 'Anhalten', drained: 'Abmelden' },
  consequence: {
    active: () => 'Er meldet sich wieder an, wo er abgemeldet ist, und nimmt sofort wieder Nachrichten.',
    paused: (queued) =>
      `Nichts Neues geht mehr über ihn hinaus. Die Leitungen bleiben stehen, Quittungen und Antworten kommen also weiter herein. Nachrichten, die einen anderen Weg haben, nehmen ihn; zurzeit warten hier ${queued}.`,
    drained: (queued) =>
      `Was auf der Leitung ist, wird noch beendet, dann werden alle Verbindungen geschlossen: Bis Sie ihn fortsetzen, kommen weder Quittungen noch Antworten herein. Nachrichten, die einen anderen Weg haben, nehmen ihn; zurzeit warten hier ${queued}.`,
  },
  confirmMode: {
    active: (name) => `${name} fortsetzen`,
    paused: (name) => `${name} anhalten`,
    drained: (name) => `${name} abmelden`,
  },
  keep: 'So lassen',

  remove: 'Entfernen',
  removeTitle: (name) => `${name} entfernen`,
  removeText:
    'Seine Verbindungen werden geschlossen und seine Leitwege gelöscht. Was über ihn gesendet wurde, bleibt; Quittungen, die noch ausstehen, können aber nirgends mehr ankommen. Das lässt sich nicht rückgängig machen.',
  removeAnyway: 'Trotzdem entfernen',
  removeBusy:
    'Er hat noch Nachrichten auf der Leitung oder ist der einzige Weg von wartenden. Melden Sie ihn zuerst ab; oder entfernen Sie ihn trotzdem: Dann wird ungewiss, was auf der Leitung ist, und die wartenden Nachrichten warten auf einen anderen Leitweg.',
  removeConfig:
    'Dieser Netzzugang kommt aus der Konfiguration (KURZPOST_CARRIER_URL oder der Probebetrieb) und wird bei jedem Start neu angelegt; deshalb lässt er sich hier nicht entfernen. Halten Sie ihn an, oder melden Sie ihn ab.',

  charts: 'Die letzten Minuten',
  chartsNote: 'Gemessen, solange diese Konsole offen ist.',
  chartRate: 'Durchsatz',
  chartAnswers: 'Antwortzeit',
  perSecond: 'Segmente/s',
  limit: 'Grenze',
  p50: 'Die Hälfte ist schneller (p50)',
  p99: '99 von 100 sind schneller (p99)',

  binds: 'Verbindungen',
  bindsNone: 'Keine Verbindung ist offen.',
  bind: {
    slot: 'Verbindung',
    state: 'Zustand',
    node: 'Knoten',
    host: 'Adresse',
    since: 'Seit',
    rate: 'Segmente/s',
    window: 'Auf der Leitung',
    answers: 'Antwort binnen, 50 % / 99 %',
    error: 'Letzter Fehler',
  },
  bindName: (slot, type) => `${slot} · ${type}`,
  bindTypes: {
    transceiver: 'beide Richtungen',
    transmitter: 'sendet',
    receiver: 'empfängt',
    http: 'HTTP',
  },
  nodeName: (number) => `Knoten ${number}`,
  nobody: 'noch niemand',

  learned: 'Was gelernt wurde',
  learnedNote:
    'Was der Netzzugang von sich gezeigt hat. Heften Sie einen Wert an, wird er zur Einstellung: Dann gilt er, was auch kommt.',
  learnedNone: 'Noch nichts. Es kommt mit den ersten Antworten und Quittungen.',
  pin: 'Anheften',
  pinName: (what) => `${what} anheften`,
  pinned: 'angeheftet',
  notCertain: 'noch nicht sicher',
  seen: (count, shown) => (count === 1 ? 'aus 1 Quittung' : `aus ${shown} Quittungen`),

  errors: 'Fehler zuletzt',
  errorsNone: 'Keine.',
  errorColumns: { code: 'Code', meaning: 'Was er bedeutet', count: 'Wie oft' },

  routes: 'Seine Leitwege',
  routesNone: 'Kein Leitweg führt hierher; also geht nichts über ihn hinaus.',
  routesAll: 'Alle Leitwege',

  json: 'Wie die API ihn zeigt',
  jsonLabel: 'Der Netzzugang als JSON',
  call: 'Der Aufruf zu dieser Seite',
  notFound: 'Es gibt keinen Netzzugang mit dieser Kennung.',
  notFoundHint: 'Vielleicht wurde er entfernt.',

  addTitle: 'Netzzugang anlegen',
  addLead:
    'Fragen Sie den Anbieter nach Adresse, Benutzerkennung und Passwort. Alles andere hat einen sinnvollen Vorgabewert.',
  catchAll: 'Für alle Nachrichten anbieten',
  catchAllHint:
    'Legt einen Leitweg ohne Bedingungen an. Aus: Er nimmt nichts, bis Sie einen Leitweg anlegen.',
}
