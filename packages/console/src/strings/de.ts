import { access } from './access.de.ts'
import { carriers } from './carriers.de.ts'
import { consent } from './consent.de.ts'
import type { Strings } from './en.ts'
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

  states: {
    waiting: 'wartet',
    onWay: 'unterwegs',
    delivered: 'zugestellt',
    failed: 'gescheitert',
    uncertain: 'ungewiss',
    refused: 'abgelehnt',
    received: 'empfangen',
    cancelled: 'zurückgezogen',
  },

  steps: {
    accepted: 'Angenommen',
    scheduled: 'Vorgemerkt',
    queued: 'Eingereiht',
    on_wire: 'Auf der Leitung',
    submitted: 'Übergeben',
    delivered: 'Zugestellt',
    undelivered: 'Nicht zugestellt',
    expired: 'Abgelaufen',
    rejected: 'Abgelehnt',
    uncertain: 'Ungewiss',
    cancelled: 'Zurückgezogen',
    received: 'Empfangen',
  },

  stepMeaning: {
    accepted: 'In der Datenbank gespeichert.',
    scheduled: 'Wartet auf ihre Zeit.',
    queued: 'Wartet auf einen freien Netzzugang.',
    on_wire: 'Auf die Leitung geschrieben; noch keine Antwort.',
    submitted: 'Das Netz hat sie übernommen.',
    delivered: 'Das Telefon hat sie bestätigt.',
    undelivered: 'Das Netz hat aufgegeben.',
    expired: 'Ihre Zeit ist abgelaufen.',
    rejected: 'Das Netz hat sie abgelehnt.',
    uncertain: 'Die Leitung brach vor der Antwort ab.',
    cancelled: 'Vor dem Absenden angehalten.',
    received: 'Angekommen und gespeichert.',
  },

  sentence: {
    accepted: (who) => `Ihre Nachricht an ${who} ist gespeichert und wird gleich eingereiht.`,
    scheduled: (who, when) => `Ihre Nachricht an ${who} geht ${when} hinaus.`,
    queued: (who) => `Ihre Nachricht an ${who} wartet auf einen freien Netzzugang.`,
    on_wire: (who) => `Ihre Nachricht an ${who} ist auf der Leitung; das Netz hat noch nicht geantwortet.`,
    submitted: (who) => `Das Netz hat Ihre Nachricht an ${who} übernommen.`,
    delivered: (who, when) => `Ihre Nachricht hat ${who} ${when} erreicht.`,
    undelivered: (who, when) => `Das Netz hat Ihre Nachricht an ${who} ${when} aufgegeben.`,
    expired: (who, when) => `Ihre Nachricht an ${who} kam nicht rechtzeitig an; sie ist ${when} abgelaufen.`,
    rejected: (who, when) => `Das Netz hat Ihre Nachricht an ${who} ${when} abgelehnt.`,
    uncertain: (who) => `Noch weiß niemand, ob Ihre Nachricht ${who} erreicht hat.`,
    cancelled: (who, when) => `Ihre Nachricht an ${who} wurde ${when} zurückgezogen und ging nie hinaus.`,
    received: (who, when) => `${who} hat Ihnen ${when} geschrieben.`,
  },

  next: {
    accepted: 'Sie müssen nichts tun. Gleich wird sie eingereiht.',
    scheduled: 'Bis dahin können Sie sie zurückziehen.',
    queued:
      'Sie geht hinaus, sobald ein Netzzugang verbunden ist und Platz hat. Bis dahin können Sie sie zurückziehen.',
    on_wire: 'Sie müssen nichts tun. Die Antwort kommt meist binnen einer Sekunde.',
    submitted:
      'Sie müssen nichts tun. Als Nächstes kommt die Quittung des Telefons; ist es aus, kann das Tage dauern.',
    delivered: 'Mehr geschieht nicht.',
    undelivered: 'Prüfen Sie die Nummer, nehmen Sie einen anderen Weg, oder senden Sie später noch einmal.',
    expired: 'Wenn der Text noch stimmt, senden Sie ihn noch einmal und lassen Sie ihm mehr Zeit.',
    rejected:
      'Sehen Sie nach, was das Netz gesagt hat: Meist liegt es an der Nummer, am Absender oder an Ihrem Vertrag.',
    uncertain:
      'Die Leitung brach im falschen Augenblick ab. Kurzpost wartet auf eine späte Antwort und tut dann, was die Spur vorsieht. Fragen Sie nach, bevor Sie noch einmal senden: Sie kann angekommen sein.',
    cancelled: 'Wenn Sie sie doch senden wollen, senden Sie sie noch einmal.',
    received: 'Sie können antworten.',
  },

  lanes: {
    alert: 'Warnung',
    code: 'Code',
    transactional: 'Vorgang',
    conversation: 'Gespräch',
    marketing: 'Werbung',
  },

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

  errors: {
    retry: 'Noch einmal versuchen',
    title: 'Das hat nicht geklappt',
    marked: 'Was fehlt oder nicht passt, steht rot bei den Feldern.',
    byCode: {
      topic_key_taken:
        'Ein anderes Thema hat dieses Wort: Ein STOP damit gälte dem einen oder dem anderen. Nehmen Sie ein anderes.',
      topic_key_reserved:
        'Dieses Wort ließe sich nicht von STOP, ALLE oder HILFE unterscheiden. Nehmen Sie ein anderes, etwa den Namen.',
      not_opted_out: 'Für diese Nummer gibt es keine Abmeldung mehr, die man zurücknehmen könnte.',
      consent_topic_unknown: 'Dieses Thema gibt es nicht mehr, oder es ist abgelegt.',
      consent_missing:
        'Der Empfänger hat nicht eingewilligt. Fragen Sie zuerst, oder tragen Sie die Einwilligung ein, die Sie haben.',
      consent_opted_out: 'Der Empfänger hat sich abgemeldet. Nur er selbst kann das zurücknehmen.',
      unreachable: 'Der Server antwortet nicht. Läuft er?',
      invalid_number:
        'Das ist keine Nummer, die man anrufen kann. Schreiben Sie sie mit + und Ländervorwahl, etwa +4930123456.',
      invalid_sender:
        'Ein Absender ist eine Nummer, eine Kurzwahl mit 3 bis 8 Ziffern oder ein Name mit bis zu 11 Buchstaben und Ziffern.',
      text_empty: 'Die Nachricht hat noch keinen Text.',
      text_too_long: 'Der Text braucht mehr Segmente, als eine Nachricht haben darf. Kürzen Sie ihn.',
      text_not_encodable:
        'Der Text hat Zeichen, die im GSM-Alphabet fehlen. Wählen Sie den selbsttätigen Zeichensatz, oder ersetzen Sie sie.',
      send_at_out_of_range:
        'Der Zeitpunkt liegt mehr als ein Jahr voraus. Wählen Sie einen binnen 365 Tagen.',
      not_cancellable: 'Zu spät: Die Nachricht ist schon unterwegs oder abgeschlossen.',
      overloaded:
        'Der Server hat mehr zu tun, als er schafft. Versuchen Sie es in ein paar Sekunden noch einmal.',
      database_unavailable:
        'Die Datenbank antwortet nicht, es wurde also nichts gespeichert. Versuchen Sie es gleich noch einmal.',
      shutting_down: 'Der Server fährt herunter. Versuchen Sie es in ein paar Sekunden noch einmal.',
      handset_unavailable:
        'Der Simulator antwortet nicht. Er startet von selbst neu; versuchen Sie es gleich noch einmal.',
      invalid_request: 'Etwas daran passt nicht:',
      name_taken: 'Dieser Name ist vergeben. Wählen Sie einen anderen, oder ändern Sie, was ihn trägt.',
      stale_revision:
        'Jemand hat es geändert, seit Sie es geöffnet haben. Verwerfen Sie Ihre Änderungen, sehen Sie nach, und ändern Sie es noch einmal.',
      unknown_profile: 'Für diese Art gibt es kein solches Profil.',
      set_by_environment:
        'Adresse und Zugangsdaten dieses Netzzugangs kommen aus KURZPOST_CARRIER_URL. Ändern Sie sie dort, und starten Sie den Server neu; alles andere lässt sich hier ändern.',
      operator_only: 'Hier geht es um den ganzen Server, den ein anderes Konto betreibt.',
      forged_request: 'Das nimmt der Server nur von seinen eigenen Seiten an. Laden Sie die Seite neu.',
      sign_in_failed: 'Das passt nicht. Sehen Sie noch einmal nach.',
      proof_needed: 'Zeigen Sie zuerst, dass Sie es sind; Ihr Nachweis ist älter als fünf Minuten.',
      password_weak:
        'Dieses Passwort ist leicht zu erraten. Nehmen Sie mindestens 10 Zeichen, die nicht Ihre Adresse sind und sich nicht wiederholen.',
      code_wrong:
        'Das ist nicht der Code dieses Augenblicks. Warten Sie auf den nächsten und prüfen Sie die Uhr des Telefons.',
      passkey_refused: 'Der Passkey ließ sich nicht prüfen. Beginnen Sie noch einmal.',
      link_invalid: 'Dieser Link öffnet nichts mehr. Bitten Sie um einen neuen.',
      role_beyond_yours: 'Die Rolle darf mehr als Sie. Bitten Sie jemanden, der sie hat.',
      last_owner: 'Das Konto hätte keinen Inhaber mehr. Ernennen Sie zuerst jemand anderen.',
      user_of_others:
        'Diese Person gehört auch zu anderen Konten, darum können Sie die Anmeldung nicht allein ändern. Fragen Sie, wer den Server betreibt.',
      rate_limited: 'Zu viele Anfragen in kurzer Zeit. Warten Sie einen Augenblick.',
      forbidden:
        'Dieser Schlüssel oder Ihre Rolle darf das nicht. Nehmen Sie einen mit mehr Rechten, oder bitten Sie um eine andere Rolle.',
      not_found: 'Das gibt es nicht mehr. Vielleicht hat es jemand gelöscht.',
      no_receipt:
        'Das Netz hat die Nachricht übernommen und nie wieder von ihr gesprochen. Sie kann angekommen sein.',
      internal:
        'Im Server ging etwas schief. Versuchen Sie es noch einmal; wenn es bleibt, sehen Sie in sein Protokoll.',
      carrier_rejected: 'Das Netz hat die Nachricht abgelehnt.',
      undelivered: 'Das Netz konnte die Nachricht nicht zustellen.',
      validity_expired: 'Die Nachricht wurde nicht zugestellt, bevor sie ablief.',
      outcome_unknown:
        'Die Leitung brach vor der Antwort ab, und es kam keine Quittung. Sie kann angekommen sein.',
    },
  },

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
  waiting,
  webhooks,

  pages: { notFound: 'Diese Seite gibt es nicht.', home: 'Nachricht schreiben' },
  copy: { copied: 'Kopiert' },
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
