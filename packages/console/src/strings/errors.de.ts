import type { errors as english } from './errors.en.ts'

/** What went wrong, by the API's code, in German. */
export const errors: typeof english = {
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
    consent_quiet_hours:
      'Ruhezeit: Werbung darf den Empfänger jetzt nicht erreichen, und bis sie es darf, wäre sie abgelaufen. Der Raum der Ruhezeiten sagt, nach welcher Regel.',
    consent_frequency_cap: 'Der Empfänger hat so viele Nachrichten bekommen, wie Ihre Obergrenzen erlauben.',
    consent_slug_taken: 'Unter dieser Adresse steht schon ein anderes Formular. Wählen Sie eine andere.',
    unreachable: 'Der Server antwortet nicht. Läuft er?',
    invalid_number:
      'Das ist keine Nummer, die man anrufen kann. Schreiben Sie sie mit + und Ländervorwahl, etwa +4930123456.',
    invalid_sender:
      'Ein Absender ist eine Nummer, eine Kurzwahl mit 3 bis 8 Ziffern oder ein Name mit bis zu 11 Buchstaben und Ziffern.',
    sender_not_yours:
      'Dieser Absender ist Ihrem Konto nicht gegeben. Nehmen Sie einen eigenen, oder lassen Sie ihn sich geben von dem, der den Server betreibt.',
    text_empty: 'Die Nachricht hat noch keinen Text.',
    text_too_long: 'Der Text braucht mehr Segmente, als eine Nachricht haben darf. Kürzen Sie ihn.',
    text_not_encodable:
      'Der Text hat Zeichen, die im GSM-Alphabet fehlen. Wählen Sie den selbsttätigen Zeichensatz, oder ersetzen Sie sie.',
    send_at_out_of_range: 'Der Zeitpunkt liegt mehr als ein Jahr voraus. Wählen Sie einen binnen 365 Tagen.',
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
    no_second_factor: 'Codes für den Notfall ersetzen die einer App; richten Sie erst diese ein.',
    keyword_table_unreadable: 'Diese Datei lässt sich nicht als Tabelle nehmen.',
    too_many_keyword_services: 'Mehr Dienste gehen nicht. Löschen Sie einen, den niemand braucht.',
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
}
