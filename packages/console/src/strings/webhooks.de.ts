import type { webhooks as english } from './webhooks.en.ts'

/** The words of the webhooks' page, in German. */
export const webhooks: typeof english = {
  title: 'Webhooks',
  lead: 'Ereignisse dieses Kontos gehen an Ihren eigenen Server, sobald sie geschehen: signiert, und wieder, bis er sie angenommen hat.',
  add: 'Endpunkt hinzufügen',
  emptyTitle: 'Noch kein Endpunkt',
  empty:
    'Fügen Sie die Adresse Ihres Servers hinzu, und jedes Ereignis, das Sie wählen, wird dorthin geschickt.',
  columns: { url: 'Adresse', events: 'Ereignisse', state: 'Zustand', actions: 'Ändern' },
  everything: 'alle Ereignisse',
  some: (count) => `${count} Arten von Ereignissen`,
  states: { on: 'an', failing: 'gestört', off: 'ausgeschaltet' },
  since: 'seit',
  change: 'Ändern',
  changeName: (url) => `${url} ändern`,
  edit: 'Einstellungen',
  log: 'Letzte Zustellungen',
  rotate: 'Neues Geheimnis',
  remove: 'Löschen',
  form: {
    addTitle: 'Endpunkt hinzufügen',
    editTitle: 'Einstellungen des Endpunkts',
    url: 'Adresse',
    urlHint: 'Eine https-Adresse Ihres Servers. Die Sandbox nimmt auch http zu diesem Rechner.',
    description: 'Für Sie',
    descriptionHint: 'Wofür er da ist.',
    events: 'Ereignisse',
    eventsHint:
      'Eine oder mehrere Arten, durch Kommas getrennt, etwa message.delivered, message.received. Leer: alle.',
    enabled: 'Eingeschaltet',
    create: 'Endpunkt hinzufügen',
    save: 'Speichern',
    cancel: 'Verwerfen',
    missing: 'Geben Sie die Adresse an.',
  },
  secret: {
    title: 'Das Geheimnis des Endpunkts',
    text: 'Ihr Server prüft damit die Signaturen. Sie sehen es nur dieses eine Mal; geht es verloren, erstellen Sie ein neues.',
    label: 'Geheimnis',
    done: 'Ich habe es verwahrt',
  },
  rotateTitle: 'Neues Geheimnis',
  rotateText:
    'Ein neues Geheimnis signiert sofort. Das alte signiert noch einen Tag mit, damit Ihr Server in Ruhe umstellen kann.',
  rotateYes: 'Neues Geheimnis erstellen',
  removeTitle: 'Endpunkt löschen',
  removeText: (url) =>
    `An ${url} geht nichts mehr, und was darauf wartet, wird verworfen. Das lässt sich nicht rückgängig machen.`,
  removeYes: 'Endpunkt löschen',
  keep: 'Lassen',
  deliveries: {
    title: (url) => `Zustellungen an ${url}`,
    close: 'Schließen',
    test: 'Test senden',
    none: 'Noch wurde nichts gesendet. Senden Sie einen Test.',
    columns: { type: 'Ereignis', status: 'Ergebnis', tries: 'Versuche', at: 'Wann', actions: 'Noch einmal' },
    statuses: { pending: 'wartet', sending: 'unterwegs', delivered: 'angenommen', failed: 'aufgegeben' },
    answered: (status, took) => `antwortete ${status} in ${took}`,
    replay: 'Erneut senden',
    replayName: (what) => `${what} erneut senden`,
  },
}
