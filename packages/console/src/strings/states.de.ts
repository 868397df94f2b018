import type { states as english } from './states.en.ts'

/** States, steps and lanes of messages, and what follows from them, in German. */
export const states: typeof english = {
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
}
