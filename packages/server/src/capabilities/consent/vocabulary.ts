/**
 * Words by which people stop, come back and ask for help, by language. Sources: TCPA's words of revocation (47 CFR
 * 64.1200(a)(10)), the keywords that Twilio, AWS and Telnyx act on themselves, and common use; reviewed 2026-11-22.
 * Upper case as people are told to write them; they are matched folded (normalise.ts).
 */
export interface Vocabulary {
  /** Always an opt-out. */
  stop: readonly string[]
  /** An opt-out where no question waits for an answer. */
  softStop?: readonly string[]
  help?: readonly string[]
  start?: readonly string[]
  /** After a stop word: everything, whoever of the account sends it. */
  all?: readonly string[]
  /** Beside a stop word they change nothing: what makes an order polite, or urgent. */
  polite?: readonly string[]
}

export const vocabulary = {
  en: {
    stop: ['STOP', 'STOPALL', 'UNSUBSCRIBE', 'REVOKE', 'OPT OUT', 'QUIT', 'END', 'CANCEL'],
    softStop: ['REMOVE', 'NO'],
    help: ['HELP', 'INFO'],
    start: ['START', 'UNSTOP', 'YES', 'SUBSCRIBE'],
    all: ['ALL', 'EVERYTHING'],
    polite: [
      ...[
        'PLEASE',
        'PLS',
        'PLZ',
        'THANKS',
        'THANK',
        'YOU',
        'THX',
        'TY',
        'NOW',
        'IMMEDIATELY',
        'THIS',
        'THESE',
      ],
      ...['ME', 'SENDING', 'TEXTING', 'MESSAGING', 'TEXTS', 'MESSAGES', 'SMS', 'SPAM', 'HELLO', 'HI', 'JUST'],
    ],
  },
  de: {
    stop: ['STOP', 'STOPP', 'ABMELDEN', 'ABBESTELLEN', 'WIDERRUF'],
    softStop: ['ENDE', 'AUS', 'KÜNDIGEN', 'KUENDIGEN', 'NEIN'],
    help: ['HILFE', 'INFO'],
    start: ['START', 'ANMELDEN'],
    all: ['ALLE', 'ALLES'],
    polite: [
      ...['BITTE', 'DANKE', 'VIELEN', 'DANK', 'MICH', 'JETZT', 'SOFORT', 'MIT', 'DEN', 'DIE', 'DER', 'SMS'],
      ...['NACHRICHTEN', 'HALLO', 'LG', 'MFG', 'GRUSS', 'GRÜSSE', 'VIELE', 'EINFACH'],
    ],
  },
  fr: {
    stop: ['STOP', 'ARRÊT', 'DESABONNER', 'DÉSINSCRIRE'],
    softStop: ['FIN', 'ANNULER', 'NON'],
    help: ['AIDE', 'INFO'],
    start: ['START', 'REPRENDRE'],
    all: ['TOUT', 'TOUS'],
    polite: [
      'SVP',
      'MERCI',
      'S IL VOUS PLAIT',
      'VOUS',
      'PLAIT',
      'BONJOUR',
      'MAINTENANT',
      'LES',
      'SMS',
      'MESSAGES',
    ],
  },
  es: {
    stop: ['STOP', 'BAJA', 'PARAR', 'DETENER', 'DAR DE BAJA'],
    softStop: ['ALTO', 'CANCELAR', 'FIN', 'NO'],
    help: ['AYUDA', 'INFO'],
    start: ['ALTA', 'INICIAR'],
    all: ['TODO', 'TODOS'],
    polite: ['POR', 'FAVOR', 'GRACIAS', 'YA', 'AHORA', 'HOLA', 'MENSAJES', 'SMS'],
  },
  it: {
    stop: ['STOP', 'DISISCRIVI', 'CANCELLAMI', 'ANNULLA'],
    softStop: ['BASTA', 'FINE', 'NO'],
    help: ['AIUTO'],
    start: ['START', 'ISCRIVI'],
    all: ['TUTTO', 'TUTTI'],
    polite: ['PER', 'FAVORE', 'GRAZIE', 'SUBITO', 'CIAO', 'MESSAGGI', 'SMS'],
  },
  pt: {
    stop: ['STOP', 'PARAR', 'SAIR', 'CANCELAR'],
    softStop: ['FIM', 'NÃO'],
    help: ['AJUDA'],
    start: ['INICIAR', 'VOLTAR'],
    all: ['TUDO', 'TODOS'],
    polite: ['POR', 'FAVOR', 'OBRIGADO', 'OBRIGADA', 'AGORA', 'OLÁ', 'MENSAGENS', 'SMS'],
  },
  nl: {
    stop: ['STOP', 'AFMELDEN', 'UITSCHRIJVEN', 'STOPPEN'],
    softStop: ['EINDE', 'NEE'],
    help: ['HULP', 'HELP'],
    start: ['START', 'AANMELDEN'],
    all: ['ALLES', 'ALLE'],
    polite: ['AUB', 'ALSTUBLIEFT', 'GRAAG', 'BEDANKT', 'DANK', 'NU', 'HALLO', 'BERICHTEN', 'SMS'],
  },
  pl: {
    stop: ['STOP', 'WYPISZ', 'REZYGNUJ', 'REZYGNUJE'],
    softStop: ['KONIEC', 'ANULUJ', 'NIE'],
    help: ['POMOC'],
    start: ['START', 'ZAPISZ'],
    all: ['WSZYSTKO', 'WSZYSTKIE'],
    polite: ['PROSZĘ', 'DZIĘKUJĘ', 'DZIĘKI', 'TERAZ', 'SMS'],
  },
  tr: {
    stop: ['DUR', 'İPTAL', 'IPTAL', 'RET', 'RED', 'STOP'],
    softStop: ['HAYIR'],
    help: ['YARDIM'],
    start: ['BAŞLA', 'BASLA'],
    all: ['HEPSİ', 'TÜMÜ'],
    polite: ['LÜTFEN', 'TEŞEKKÜRLER', 'TEŞEKKÜR', 'EDERİM', 'SMS'],
  },
  sv: {
    stop: ['STOPP', 'STOP', 'AVREGISTRERA', 'AVSLUTA'],
    softStop: ['SLUT', 'NEJ'],
    help: ['HJÄLP'],
    start: ['START'],
    all: ['ALLT', 'ALLA'],
    polite: ['TACK', 'SNÄLLA', 'NU', 'HEJ', 'SMS'],
  },
  no: {
    stop: ['STOPP', 'STOP'],
    softStop: ['NEI'],
    help: ['HJELP'],
    start: ['START'],
    all: ['ALT', 'ALLE'],
    polite: ['TAKK', 'VENNLIGST', 'NÅ', 'HEI', 'SMS'],
  },
  da: {
    stop: ['STOP', 'STOPP', 'AFMELD'],
    softStop: ['SLUT', 'NEJ'],
    help: ['HJÆLP'],
    start: ['START'],
    all: ['ALT', 'ALLE'],
    polite: ['TAK', 'VENLIGST', 'NU', 'HEJ', 'SMS'],
  },
  fi: {
    stop: ['STOP', 'SEIS', 'LOPETA', 'PERUUTA'],
    softStop: ['EI'],
    help: ['APUA', 'OHJE'],
    start: ['ALOITA'],
    all: ['KAIKKI'],
    polite: ['KIITOS', 'HETI', 'NYT', 'SMS'],
  },
  cs: {
    stop: ['STOP', 'ODHLASIT'],
    softStop: ['KONEC'],
    help: ['POMOC'],
    start: ['START'],
    polite: ['PROSÍM', 'DĚKUJI'],
  },
  sk: {
    stop: ['STOP', 'ODHLASIT'],
    softStop: ['KONIEC'],
    help: ['POMOC'],
    start: ['START'],
    polite: ['PROSÍM', 'ĎAKUJEM'],
  },
  hu: {
    stop: ['STOP', 'LEIRATKOZAS'],
    softStop: ['VEGE'],
    help: ['SEGITSEG'],
    start: ['START'],
    polite: ['KÉREM', 'KÖSZÖNÖM'],
  },
  ro: {
    stop: ['STOP', 'DEZABONARE'],
    help: ['AJUTOR'],
    start: ['START'],
    polite: ['VĂ', 'ROG', 'MULȚUMESC'],
  },
  ru: {
    stop: ['СТОП', 'ОТПИСКА', 'STOP'],
    softStop: ['ОТМЕНА', 'НЕТ'],
    help: ['ПОМОЩЬ'],
    start: ['СТАРТ'],
    polite: ['ПОЖАЛУЙСТА', 'СПАСИБО'],
  },
  uk: {
    stop: ['СТОП', 'ВІДПИСАТИСЯ', 'STOP'],
    softStop: ['НІ'],
    help: ['ДОПОМОГА'],
    start: ['СТАРТ'],
    polite: ['БУДЬ', 'ЛАСКА', 'ДЯКУЮ'],
  },
  el: { stop: ['ΣΤΟΠ', 'ΔΙΑΓΡΑΦΗ', 'STOP'], help: ['ΒΟΗΘΕΙΑ'], polite: ['ΠΑΡΑΚΑΛΩ', 'ΕΥΧΑΡΙΣΤΩ'] },
  he: { stop: ['הסר', 'הסרה', 'STOP'], help: ['עזרה'], polite: ['בבקשה', 'תודה'] },
  ar: { stop: ['توقف', 'إيقاف', 'الغاء', 'STOP'], help: ['مساعدة'], polite: ['شكرا'] },
  zh: { stop: ['退订', 'TD', 'T', '停止', 'STOP'], softStop: ['取消'], help: ['帮助'] },
  ja: { stop: ['停止', '配信停止', 'STOP'], help: ['ヘルプ'] },
  ko: { stop: ['수신거부', 'STOP'], help: ['도움말'] },
  hi: { stop: ['बंद', 'रोकें', 'STOP'], help: ['मदद'] },
} as const satisfies Record<string, Vocabulary>

export type Language = keyof typeof vocabulary

/**
 * Stop words that are everyday words elsewhere ("seis" is six in Spanish, "red" a colour): they count for people who may
 * speak that language, and are doubtful from anybody else.
 */
export const homographs: Readonly<Record<string, readonly Language[]>> = {
  red: ['tr'],
  ret: ['tr'],
  dur: ['tr'],
  seis: ['fi'],
  t: ['zh'],
}

/** Stop words that are in many a sentence: in a long one they say nothing, unless it begins or ends with them. */
export const everyday: readonly string[] = ['end', 'red', 'ret', 'dur', 'seis', 'cancelar', 'cancel']
