import type { Counted, waiting as en, WaitingWords } from './waiting.en.ts'

/** Wie es um einen Netzzugang steht; der Satz geht nach seinem Namen weiter. */
const standings: Record<string, (links: Counted) => string> = {
  paused: () => 'ist angehalten',
  drained: () => 'ist abgemeldet',
  down: ({ count, shown }) =>
    count === 1
      ? 'ist ausgefallen (seine Verbindung kommt nicht zustande)'
      : `ist ausgefallen (keine seiner ${shown} Verbindungen kommt zustande)`,
  not_held: () => 'ist ausgefallen (kein Knoten hält seine Verbindungen)',
  circuit_open: () => 'ruht, weil zu viel schiefging',
  unknown_kind: () => 'ist von einer Art, die diese Fassung nicht kennt',
  unknown: () => 'ist nicht mehr da',
}

const closed = ({ carriers, list, who }: WaitingWords): string => {
  if (carriers.length === 0) return `${who} nimmt zurzeit nichts, und ein anderer Weg ist nicht frei.`
  const each = carriers.map(
    ({ name, code, links }) => `${name} ${standings[code]?.(links) ?? 'nimmt zurzeit nichts'}`,
  )
  return carriers.length === 1
    ? `Ihr einziger Netzzugang nimmt sie zurzeit nicht: ${each[0]}.`
    : `Keiner ihrer Netzzugänge nimmt sie zurzeit: ${list(each)}.`
}

const messages = ({ count, shown }: Counted): string => (count === 1 ? '1 Nachricht' : `${shown} Nachrichten`)

/** Wie viele vor ihr dran sind. */
const line = ({ ahead, aheadHigher, list }: WaitingWords): string => {
  const before = [
    ...(ahead.count > 0 ? [`${messages(ahead)} ihrer Spur`] : []),
    ...(aheadHigher.count > 0 ? [`${messages(aheadHigher)} höherer Spuren`] : []),
  ]
  if (before.length === 0) return 'Sie ist die nächste'
  return `Vor ihr ${ahead.count + aheadHigher.count === 1 ? 'geht' : 'gehen'} ${list(before)}`
}

/** Warum eine Nachricht wartet, auf Deutsch. */
export const waiting: typeof en = {
  title: 'Warum sie noch nicht gesendet ist',
  until: (when) => `Nächster Schritt: ${when}.`,
  toQueue: 'Warteschlange ansehen',
  toRoutes: 'Leitweg erklären lassen',
  byCode: {
    on_wire: () => 'Sie ist bei einem Netzzugang; auf dessen Antwort wird gewartet.',
    scheduled: () => 'Sie soll erst später hinausgehen.',
    retry: ({ who, error }) =>
      `${who} hat sie nicht genommen${error ? ` (${error})` : ''}. Nach einer Pause wird sie noch einmal angeboten.`,
    uncertain_resend: ({ who }) =>
      `Sie ging über ${who} hinaus, und es kam keine Antwort. Ohne Nachricht wird sie noch einmal gesendet und als mögliche Doppelung gekennzeichnet.`,
    uncertain_wait: ({ who }) =>
      `Sie ging über ${who} hinaus, und es kam keine Antwort. Eine späte Antwort oder eine Quittung entscheidet; zweimal wird sie nicht gesendet.`,
    routing: () => 'Ihr Leitweg wird gerade gesucht.',
    consent_quiet_hours: () =>
      'Ruhezeit: Dort, wo das Telefon des Empfängers sein kann, darf Werbung jetzt nicht ankommen. Sie geht hinaus, sobald sie überall darf.',
    consent_frequency_cap: () =>
      'Der Empfänger hat so viele Nachrichten bekommen, wie Ihre Obergrenzen erlauben. Sie geht hinaus, sobald wieder Platz ist.',
    no_route: () =>
      'Kein Leitweg passt zu ihr. Legen Sie einen an, oder lassen Sie sich auf der Seite der Leitwege erklären, warum.',
    ...Object.fromEntries(Object.keys(standings).map((code) => [`carrier_${code}`, closed])),
    account_rate: ({ rate }) =>
      `Sie wartet, bis sie dran ist: Dieses Konto darf ${rate} Segmente je Sekunde senden.`,
    sender_rate: ({ sender, rate }) =>
      `Sie wartet, bis sie dran ist: ${sender ? `Der Absender ${sender}` : 'Ihr Absender'} darf ${rate} Segmente je Sekunde senden.`,
    carrier_rate: (words) => `${line(words)}; ${words.who} nimmt ${words.rate} Segmente je Sekunde.`,
    window_full: (words) => `${line(words)}; ${words.who} antwortet langsam, und sein Fenster ist voll.`,
    behind: (words) => `${line(words)}; danach ist sie dran, über ${words.who}.`,
    next: (words) => `${line(words)}, über ${words.who}.`,
  },
  someCarrier: 'den Netzzugang',
  orMore: (shown) => `${shown} oder mehr`,
}
