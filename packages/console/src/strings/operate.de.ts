import type { operate as en } from './operate.en.ts'

/** Die Wörter von Warteschlange, Knoten und Kurven, und warum eine Nachricht wartet, auf Deutsch. */
export const operate: typeof en = {
  queue: {
    title: 'Warteschlange',
    lead: 'Was angenommen und noch nicht unterwegs ist. Die Spuren kommen in dieser Reihenfolge dran; keine geht leer aus.',
    lanes: 'Nach Spur',
    carriers: 'Nach Netzzugang',
    columns: {
      lane: 'Spur',
      ready: 'Wartend',
      oldest: 'Älteste',
      scheduled: 'Für später',
      uncertain: 'Ungewiss',
      carrier: 'Netzzugang',
      state: 'Zustand',
      rate: 'Durchsatz',
      left: 'Fertig in etwa',
    },
    never: '–',
    onWire: 'Auf der Leitung',
    ready: 'Wartend',
    scheduled: 'Für später',
    uncertain: 'Ungewiss',
    noRoute: 'Ohne Leitweg',
    asOf: (when) => `Gezählt um ${when}.`,
    what: 'Was sie aufhält',
    nothing: 'Nichts wartet.',
    flows: 'Es fließt: Die Netzzugänge nehmen, was sie können, und die Schlange wird kürzer.',
    reasons: {
      noCarrier: 'Es gibt keinen Netzzugang. Nichts geht hinaus, bis Sie einen anlegen.',
      noRoute: (count) => `${count} haben keinen Leitweg: Keine Regel bietet ihnen einen Netzzugang an.`,
      down: (name, count) => `${name} ist ausgefallen; ${count} warten darauf.`,
      paused: (name, count) => `${name} ist angehalten; ${count} warten darauf.`,
      drained: (name, count) => `${name} ist abgemeldet; ${count} warten darauf.`,
      limit: (name, count) => `${name} sendet so schnell, wie seine Grenze erlaubt; ${count} warten darauf.`,
      busy: (name, count) => `${name} hat alle Hände voll zu tun; ${count} warten darauf.`,
      uncertain: (count) =>
        `${count} sind ungewiss: Die Leitung brach vor der Antwort ab. Was folgt, bestimmt ihre Spur.`,
    },
    toRoutes: 'Leitwege ansehen',
    toCarrier: (name) => `${name} ansehen`,
    carriersNone: 'Keine Nachricht wartet auf einen Netzzugang.',
    call: 'Der Aufruf zu dieser Seite',
    emptyText:
      'Senden Sie eine Nachricht, und sie kommt hier durch. Sind Netzzugänge verbunden, dauert es Millisekunden.',
  },

  nodes: {
    title: 'Knoten',
    lead: 'Die Prozesse, die sich die Arbeit teilen. Jeder kann für jeden einspringen.',
    states: { alive: 'läuft', draining: 'hört auf', silent: 'stumm' },
    columns: {
      node: 'Knoten',
      state: 'Zustand',
      roles: 'Aufgaben',
      binds: 'Hält',
      version: 'Version',
      seen: 'Zuletzt gehört',
      started: 'Gestartet',
      memory: 'Speicher',
      cpu: 'Prozessor',
      delay: 'Verzug der Ereignisschleife',
    },
    roles: { api: 'API', carriers: 'Netzzugänge', jobs: 'Aufträge' },
    name: (number) => `Knoten ${number}`,
    process: (host, pid) => `${host}, Prozess ${pid}`,
    holdsNone: 'keine Verbindung',
    holds: (carrier, slot) => `${carrier} ${slot}`,
    silentNote:
      'Ein stummer Knoten hat seine Verbindungen verloren: Andere übernehmen sie in weniger als 15 Sekunden.',
    oneTitle: 'Ein Knoten läuft',
    one: 'Für die meisten genügt das. Starten Sie auf einem anderen Rechner einen zweiten mit derselben DATABASE_URL, und er teilt sich die Arbeit; stirbt einer, springt der andere ein.',
    none: 'Noch hat sich kein Knoten gemeldet.',
    call: 'Der Aufruf zu dieser Seite',
  },

  chart: {
    table: 'Als Tabelle',
    picture: 'Als Bild',
    time: 'Zeit',
    now: 'jetzt',
    ago: (minutes) => `vor ${minutes} min`,
    soon: 'Die ersten Punkte kommen in wenigen Sekunden.',
  },

  waiting: {
    title: 'Warum sie noch nicht gesendet ist',
    until: (when) => `Nächster Schritt: ${when}.`,
    toQueue: 'Warteschlange ansehen',
    toRoutes: 'Leitweg erklären lassen',
    byCode: {
      on_wire: () => 'Sie ist beim Netz; auf dessen Antwort wird gewartet.',
      scheduled: () => 'Sie soll erst später hinausgehen.',
      retry: (who) => `${who} hat sie nicht genommen. Nach einer Pause wird sie noch einmal angeboten.`,
      uncertain_resend: (who) =>
        `Sie ging über ${who} hinaus, und es kam keine Antwort. Ohne Nachricht wird sie noch einmal gesendet und als mögliche Doppelung gekennzeichnet.`,
      uncertain_wait: (who) =>
        `Sie ging über ${who} hinaus, und es kam keine Antwort. Eine späte Antwort oder eine Quittung entscheidet; zweimal wird sie nicht gesendet.`,
      routing: () => 'Ihr Leitweg wird gerade gesucht.',
      no_route: () =>
        'Kein Leitweg passt zu ihr. Legen Sie einen an, oder lassen Sie sich auf der Seite der Leitwege erklären, warum.',
      carrier_paused: (who) => `${who} ist angehalten, und ein anderer Weg ist nicht frei.`,
      carrier_drained: (who) => `${who} ist abgemeldet, und ein anderer Weg ist nicht frei.`,
      carrier_down: (who) => `${who} ist ausgefallen, und ein anderer Weg ist nicht frei.`,
      carrier_not_held: (who) =>
        `Kein Knoten hält die Leitungen von ${who}, und ein anderer Weg ist nicht frei.`,
      carrier_circuit_open: (who) =>
        `${who} ruht, weil zu viel schiefging, und ein anderer Weg ist nicht frei.`,
      carrier_unknown_kind: (who) =>
        `${who} ist von einer Art, die diese Fassung nicht kennt, und ein anderer Weg ist nicht frei.`,
      account_rate: () => 'Sie wartet, bis sie dran ist: Dieses Konto hat eine Sendegrenze.',
      sender_rate: () => 'Sie wartet, bis sie dran ist: Ihr Absender hat eine Sendegrenze.',
      carrier_rate: (who) =>
        `Sie wartet, bis sie dran ist: Über ${who} gehen schon so viele Segmente je Sekunde, wie erlaubt sind.`,
      window_full: (who) => `${who} antwortet langsam, und sein Fenster ist voll.`,
      behind: (who) => `Andere gehen vor; danach nimmt ${who} sie.`,
      next: (who) => `Sie ist die nächste bei ${who}.`,
    },
    someCarrier: 'das Netz',
  },

  carrierErrors: {
    ESME_RTHROTTLED: 'Dem Netz war es zu schnell. Kurzpost wird langsamer und versucht es wieder.',
    ESME_RMSGQFUL: 'Die Warteschlange des Netzes ist voll. Kurzpost wartet und versucht es wieder.',
    ESME_RINVDSTADR: 'Das Netz nimmt diese Nummer nicht.',
    ESME_RINVSRCADR: 'Das Netz nimmt diesen Absender nicht. Meist muss er dort angemeldet werden.',
    ESME_RSUBMITFAIL: 'Das Netz konnte die Nachricht nicht übernehmen.',
    ESME_RSYSERR: 'Das Netz hatte selbst eine Störung.',
    ESME_RINVMSGLEN: 'Dem Netz war die Nachricht zu lang.',
    ESME_RINVESMCLASS:
      'Das Netz nimmt lange Nachrichten nicht in dieser Form. In den Einstellungen lässt sich eine andere wählen.',
    ESME_RINVDCS: 'Das Netz nimmt diesen Zeichensatz nicht.',
    ESME_RINVEXPIRY: 'Das Netz nimmt diese Gültigkeitsdauer nicht.',
    ESME_RBINDFAIL: 'Das Netz hat die Anmeldung abgelehnt. Prüfen Sie Benutzerkennung, Passwort und Art.',
    ESME_RINVPASWD: 'Das Netz sagt, das Passwort sei falsch.',
    ESME_RINVSYSID: 'Das Netz kennt die Benutzerkennung nicht.',
    ESME_RALYBND:
      'Das Netz sagt, diese Benutzerkennung sei schon angemeldet. Vielleicht erlaubt es weniger Verbindungen.',
    ESME_RINVBNDSTS: 'Diese Verbindung darf das nicht: Eine nur zum Empfangen kann nicht senden.',
    ESME_RINVSERTYP: 'Das Netz nimmt die Dienstart nicht.',
    ESME_RX_T_APPN: 'Das Netz hat eine vorübergehende Störung und nimmt sie später.',
    ESME_RX_P_APPN: 'Das Netz lehnt sie endgültig ab.',
    ESME_RX_R_APPN: 'Das Netz hat die Nachricht abgelehnt.',
    closed: 'Die Gegenseite hat die Leitung geschlossen.',
    timeout: 'Es kam nicht rechtzeitig eine Antwort.',
    refused: 'Die Gegenseite nimmt keine Verbindung an. Stimmt der Port?',
    unreachable:
      'Die Gegenseite ist nicht erreichbar. Prüfen Sie den Namen, und ob Ihre Adresse dort zugelassen ist.',
    ECONNREFUSED: 'Die Gegenseite nimmt keine Verbindung an. Stimmt der Port?',
    ECONNRESET: 'Die Gegenseite hat die Verbindung abgebrochen.',
    ETIMEDOUT: 'Die Gegenseite antwortet nicht. Vielleicht lässt sie nur bekannte Adressen zu.',
    ENOTFOUND: 'Es gibt keinen Rechner dieses Namens.',
  },
  carrierErrorUnknown: 'Ein Code des Netzes selbst; sein Handbuch sagt, was er bedeutet.',
}
