import type { TextName, Texts } from './topics.store.ts'
import type { Language } from './vocabulary.ts'

/** What the house says where the account has written nothing: one segment each, and no more than its purpose. */
interface HouseTexts {
  /** After a STOP to a sender or to everything. */
  out: string
  /** After a STOP to one topic. */
  outOfTopic: string
  /** After a START. */
  back: string
  help: string
  /** Stands before `help` where the account says whom to ask. */
  ask: string
}

const house: Readonly<Record<Language, HouseTexts>> = {
  en: {
    out: 'You are unsubscribed and get no more messages from us. START undoes this.',
    outOfTopic: 'You get no more messages about {topic}. START undoes this.',
    back: 'You get our messages again. STOP ends them.',
    help: 'STOP ends our messages.',
    ask: 'For help: {contact}.',
  },
  de: {
    out: 'Sie sind abgemeldet und erhalten keine Nachrichten mehr von uns. START macht das rückgängig.',
    outOfTopic: 'Sie erhalten keine Nachrichten mehr zu {topic}. START macht das rückgängig.',
    back: 'Sie erhalten unsere Nachrichten wieder. STOP beendet sie.',
    help: 'STOP beendet unsere Nachrichten.',
    ask: 'Hilfe: {contact}.',
  },
  fr: {
    out: 'Désinscription faite : vous ne recevrez plus nos messages. START pour revenir.',
    outOfTopic: 'Vous ne recevrez plus de messages sur {topic}. START pour revenir.',
    back: 'Vous recevez de nouveau nos messages. STOP pour ne plus en recevoir.',
    help: 'STOP pour ne plus recevoir nos messages.',
    ask: 'Aide : {contact}.',
  },
  es: {
    out: 'Baja confirmada: ya no le enviamos mensajes. ALTA para volver.',
    outOfTopic: 'Ya no le enviamos mensajes sobre {topic}. ALTA para volver.',
    back: 'Vuelve a recibir nuestros mensajes. BAJA para dejarlos.',
    help: 'BAJA para no recibir nuestros mensajes.',
    ask: 'Ayuda: {contact}.',
  },
  it: {
    out: 'La sua iscrizione è annullata: non riceverà altri messaggi. START per tornare.',
    outOfTopic: 'Non riceverà altri messaggi su {topic}. START per tornare.',
    back: 'Riceve di nuovo i nostri messaggi. STOP per terminare.',
    help: 'STOP termina i nostri messaggi.',
    ask: 'Aiuto: {contact}.',
  },
  pt: {
    out: 'Removido: deixa de receber mensagens nossas. VOLTAR para regressar.',
    outOfTopic: 'Deixa de receber mensagens sobre {topic}. VOLTAR para regressar.',
    back: 'Volta a receber mensagens nossas. SAIR para terminar.',
    help: 'SAIR termina as nossas mensagens.',
    ask: 'Ajuda: {contact}.',
  },
  nl: {
    out: 'U bent afgemeld en krijgt geen berichten meer van ons. START maakt dit ongedaan.',
    outOfTopic: 'U krijgt geen berichten meer over {topic}. START maakt dit ongedaan.',
    back: 'U krijgt onze berichten weer. STOP beëindigt ze.',
    help: 'STOP beëindigt onze berichten.',
    ask: 'Hulp: {contact}.',
  },
  pl: {
    out: 'Rezygnacja przyjęta. START: powrót.',
    outOfTopic: 'Koniec wiadomości: {topic}. START: powrót.',
    back: 'Znów wysyłamy wiadomości. STOP: koniec.',
    help: 'STOP: koniec wiadomości.',
    ask: 'Pomoc: {contact}.',
  },
  tr: {
    out: 'Mesajlarımız durduruldu. BASLA: geri al.',
    outOfTopic: '{topic} mesajları durduruldu. BASLA: geri al.',
    back: 'Mesajlarımız yeniden başladı. DUR: bitir.',
    help: 'DUR mesajlarımızı bitirir.',
    ask: 'Yardım: {contact}.',
  },
  sv: {
    out: 'Du är avregistrerad och får inga fler meddelanden från oss. START ångrar detta.',
    outOfTopic: 'Du får inga fler meddelanden om {topic}. START ångrar detta.',
    back: 'Du får våra meddelanden igen. STOPP avslutar dem.',
    help: 'STOPP avslutar våra meddelanden.',
    ask: 'Hjälp: {contact}.',
  },
  no: {
    out: 'Du er avmeldt og får ingen flere meldinger fra oss. START angrer dette.',
    outOfTopic: 'Du får ingen flere meldinger om {topic}. START angrer dette.',
    back: 'Du får meldingene våre igjen. STOPP avslutter dem.',
    help: 'STOPP avslutter meldingene våre.',
    ask: 'Hjelp: {contact}.',
  },
  da: {
    out: 'Du er afmeldt og får ikke flere beskeder fra os. START fortryder det.',
    outOfTopic: 'Du får ikke flere beskeder om {topic}. START fortryder det.',
    back: 'Du får vores beskeder igen. STOP afslutter dem.',
    help: 'STOP afslutter vores beskeder.',
    ask: 'Hjælp: {contact}.',
  },
  fi: {
    out: 'Tilauksesi on peruttu, emme lähetä enää viestejä. ALOITA peruu tämän.',
    outOfTopic: 'Et saa enää viestejä aiheesta {topic}. ALOITA peruu tämän.',
    back: 'Saat taas viestejämme. STOP lopettaa ne.',
    help: 'STOP lopettaa viestimme.',
    ask: 'Ohje: {contact}.',
  },
  cs: {
    out: 'Odhlášeno. START: zpět.',
    outOfTopic: 'Odhlášeno: {topic}. START: zpět.',
    back: 'Zprávy opět posíláme. STOP: konec.',
    help: 'STOP: konec zpráv.',
    ask: 'Pomoc: {contact}.',
  },
  sk: {
    out: 'Odhlásené. START: späť.',
    outOfTopic: 'Odhlásené: {topic}. START: späť.',
    back: 'Správy opäť posielame. STOP: koniec.',
    help: 'STOP: koniec správ.',
    ask: 'Pomoc: {contact}.',
  },
  hu: {
    out: 'Leiratkozott. START: vissza.',
    outOfTopic: 'Leiratkozott: {topic}. START: vissza.',
    back: 'Ismét küldünk üzeneteket. STOP: vége.',
    help: 'STOP: nincs több üzenet.',
    ask: 'Segítség: {contact}.',
  },
  ro: {
    out: 'V-ati dezabonat si nu mai primiti mesaje de la noi. START pentru a reveni.',
    outOfTopic: 'Nu mai primiti mesaje despre {topic}. START pentru a reveni.',
    back: 'Primiti din nou mesajele noastre. STOP le opreste.',
    help: 'STOP opreste mesajele noastre.',
    ask: 'Ajutor: {contact}.',
  },
  ru: {
    out: 'Вы отписаны. СТАРТ: вернуть.',
    outOfTopic: 'Отписка: {topic}. СТАРТ: вернуть.',
    back: 'Вы снова подписаны. СТОП: отписка.',
    help: 'СТОП: отписка.',
    ask: 'Помощь: {contact}.',
  },
  uk: {
    out: 'Вас відписано. СТАРТ: повернути.',
    outOfTopic: 'Відписка: {topic}. СТАРТ: повернути.',
    back: 'Вас знову підписано. СТОП: відписка.',
    help: 'СТОП: відписка.',
    ask: 'Допомога: {contact}.',
  },
  el: {
    out: 'Διαγραφήκατε. START: επιστροφή.',
    outOfTopic: 'Διαγραφή: {topic}. START: επιστροφή.',
    back: 'Λαμβάνετε ξανά μηνύματα. STOP: διαγραφή.',
    help: 'STOP: διαγραφή.',
    ask: 'Βοήθεια: {contact}.',
  },
  he: {
    out: 'הוסרת מהרשימה. START לחזרה.',
    outOfTopic: 'הוסרת: {topic}. START לחזרה.',
    back: 'ההודעות חודשו. STOP להסרה.',
    help: 'STOP להסרה.',
    ask: 'עזרה: {contact}.',
  },
  ar: {
    out: 'تم إلغاء اشتراكك. START للعودة.',
    outOfTopic: 'تم الإلغاء: {topic}. START للعودة.',
    back: 'تم تجديد اشتراكك. STOP للإلغاء.',
    help: 'STOP للإلغاء.',
    ask: 'مساعدة: {contact}.',
  },
  zh: {
    out: '您已退订，不再收到我们的短信。回复START恢复。',
    outOfTopic: '您已退订“{topic}”。回复START恢复。',
    back: '短信已恢复。回复TD退订。',
    help: '回复TD退订。',
    ask: '帮助：{contact}。',
  },
  ja: {
    out: '配信を停止しました。STARTで再開します。',
    outOfTopic: '「{topic}」の配信を停止しました。STARTで再開します。',
    back: '配信を再開しました。STOPで停止します。',
    help: 'STOPで配信を停止します。',
    ask: 'お問い合わせ: {contact}。',
  },
  ko: {
    out: '수신거부 처리되었습니다. START: 다시 받기.',
    outOfTopic: '{topic} 수신거부 처리되었습니다. START: 다시 받기.',
    back: '문자를 다시 보내드립니다. STOP: 수신거부.',
    help: 'STOP: 수신거부.',
    ask: '문의: {contact}.',
  },
  hi: {
    out: 'आपको अब हमारे संदेश नहीं मिलेंगे। START: फिर से.',
    outOfTopic: '{topic}: अब संदेश नहीं मिलेंगे। START: फिर से.',
    back: 'संदेश फिर मिलेंगे। STOP: बंद.',
    help: 'STOP: संदेश बंद.',
    ask: 'मदद: {contact}.',
  },
}

const isLanguage = (text: string): text is Language => Object.hasOwn(house, text)

/** What a text may say of its situation. */
export interface Situation {
  /** What the account calls itself; nothing is put before the text where it is null. */
  name: string | null
  topic?: string | null
  contact?: string | null
}

const fill = (template: string, { name, topic, contact }: Situation): string =>
  template
    .replaceAll('{name}', name ?? '')
    .replaceAll('{topic}', topic ?? '')
    .replaceAll('{contact}', contact ?? '')
    .trim()

/** The house's own sentence, in `language` or else in English. */
export function houseText(which: 'opt_out' | 'start' | 'help', language: string, said: Situation): string {
  const texts = house[isLanguage(language) ? language : 'en']
  const template = {
    opt_out: said.topic ? texts.outOfTopic : texts.out,
    start: texts.back,
    help: said.contact ? `${texts.ask} ${texts.help}` : texts.help,
  }[which]
  return fill(said.name ? `{name}: ${template}` : template, said)
}

/** The account's own text in the language, of the first that has one: a topic's before the account's. */
export function ownText(
  which: TextName | 'start',
  language: string,
  written: readonly (
    | Partial<Record<TextName | 'start', Readonly<Record<string, string>>>>
    | Texts
    | undefined
  )[],
  said: Situation,
): string | undefined {
  for (const texts of written) {
    const template = (texts as Partial<Record<string, Record<string, string>>> | undefined)?.[which]?.[
      language
    ]
    if (template) return fill(template, said)
  }
  return undefined
}

export const houseLanguages = Object.keys(house) as Language[]
