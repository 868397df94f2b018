import { fold, oneSlipApart, spellings } from './words.ts'

/**
 * Words that mean STOP, START or HELP to networks and to people: no service may have one, and nobody who mistypes one
 * gets a timetable. Consent has them with what each means; `words.test.ts` holds that none of them is missing here.
 */
const words = [
  'STOP STOPP STOPALL UNSUBSCRIBE REVOKE OPTOUT QUIT END CANCEL REMOVE NO STOPALLE',
  'ABMELDEN ABBESTELLEN WIDERRUF ENDE AUS KÜNDIGEN NEIN',
  'ARRET DESABONNER DÉSINSCRIRE FIN ANNULER NON',
  'BAJA PARAR DETENER DARDEBAJA ALTO CANCELAR',
  'DISISCRIVI CANCELLAMI ANNULLA BASTA FINE SAIR FIM NÃO',
  'AFMELDEN UITSCHRIJVEN STOPPEN EINDE NEE WYPISZ REZYGNUJ REZYGNUJE KONIEC ANULUJ NIE',
  'DUR İPTAL RET RED HAYIR AVREGISTRERA AVSLUTA AFMELD SLUT NEJ NEI SEIS LOPETA PERUUTA EI',
  'ODHLASIT LEIRATKOZAS DEZABONARE KONEC VEGE СТОП ОТПИСКА ВІДПИСАТИСЯ ОТМЕНА НЕТ НІ',
  'ΣΤΟΠ ΔΙΑΓΡΑΦΗ הסר הסרה توقف إيقاف الغاء 退订 TD T 停止 配信停止 수신거부 बंद रोकें 取消',
  'HELP INFO HILFE AIDE AYUDA AIUTO AJUDA HULP POMOC YARDIM HJÄLP HJELP HJÆLP APUA OHJE SEGITSEG AJUTOR',
  'ПОМОЩЬ ДОПОМОГА ΒΟΗΘΕΙΑ עזרה مساعدة 帮助 ヘルプ 도움말 मदद',
  'START UNSTOP YES SUBSCRIBE ANMELDEN REPRENDRE ALTA INICIAR ISCRIVI VOLTAR AANMELDEN ZAPISZ BAŞLA ALOITA СТАРТ',
]
const reserved: ReadonlySet<string> = new Set(words.flatMap((line) => line.split(' ')).flatMap(spellings))
/** By their length. Of two letters everything is a neighbour. */
const near = Map.groupBy(
  [...reserved].filter((word) => word.length >= 3),
  (word) => word.length,
)

export const isReserved = (text: string): boolean => spellings(text).some((word) => reserved.has(word))

/** Whether a word may be one of these, mistyped. */
export function mayBeReserved(text: string): boolean {
  const typed = fold(text)
  if (reserved.has(typed)) return true
  return [-1, 0, 1].some((more) => near.get(typed.length + more)?.some((word) => oneSlipApart(typed, word)))
}
