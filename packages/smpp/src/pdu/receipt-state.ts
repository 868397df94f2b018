export type ReceiptState =
  | 'delivered'
  | 'undelivered'
  | 'expired'
  | 'rejected'
  | 'enroute'
  | 'accepted'
  | 'deleted'
  | 'unknown'

/** message_state. [SMPP 3.4 §5.2.28; 0 and 9 are of 5.0] */
const byNumber: readonly ReceiptState[] = [
  'enroute',
  'enroute',
  'delivered',
  'expired',
  'deleted',
  'undelivered',
  'accepted',
  'unknown',
  'rejected',
  'rejected',
]

/**
 * Words after `stat:` by how they begin, without blanks, marks and accents: 2 to 12 letters are in use (facts group
 * 37), and some carriers write their own language. The longer beginning counts.
 */
const byWord: Readonly<Record<ReceiptState, readonly string[]>> = {
  delivered: [
    ...['DELIV', 'DLVRD', 'DELVR', 'DELVD', 'DELRD', 'DLVD', 'DELI', 'OK', 'READ', 'SUCCES'],
    ...[
      'ENTREGAD',
      'ENTREGUE',
      'ZUGEST',
      'LIVRE',
      'REMIS',
      'CONSEGN',
      'ДОСТАВЛ',
      'DOSTAV',
      'DORUC',
      'ILETILDI',
    ],
  ],
  undelivered: [
    ...[
      'UNDEL',
      'UNDLV',
      'UNDVL',
      'FAIL',
      'NOTDEL',
      'NONDEL',
      'ABSENT',
      'SYSERR',
      'ERROR',
      'NOROUTE',
      'UNREACH',
    ],
    ...['NOENTREG', 'NAOENTREG', 'NICHTZUGEST', 'NONLIVRE', 'NONREMIS', 'НЕДОСТАВЛ', 'NEDOSTAV', 'NEDORUC'],
  ],
  expired: ['EXPIR', 'EXPRD', 'TIMEOUT', 'ABGELAUF', 'CADUCAD', 'ПРОСРОЧ'],
  rejected: [
    'REJEC',
    'REJCT',
    'REJD',
    'SKIPP',
    'BLOCK',
    'BARRED',
    'NOCRED',
    'DND',
    'SPAM',
    'ABGELEHNT',
    'RECHAZ',
  ],
  enroute: ['ENROU', 'BUFF', 'SCHED', 'QUEUE', 'PENDING', 'SENT', 'RETRY', 'INPROG'],
  accepted: ['ACCEP', 'ACPTD', 'ACKED', 'ACK', 'ACEPT'],
  deleted: ['DELET', 'CANCEL', 'GELOSCHT'],
  unknown: ['UNKNO', 'UNKWN', 'UNDEF'],
}
const words = Object.entries(byWord)
  .flatMap(([state, beginnings]) =>
    beginnings.map((beginning) => [beginning, state as ReceiptState] as const),
  )
  .sort(([a], [b]) => b.length - a.length)

/** The words of the specification, which nearly all receipts have. [SMPP 3.4 appendix B] */
const standard: ReadonlyMap<string, ReceiptState> = new Map([
  ['DELIVRD', 'delivered'],
  ['UNDELIV', 'undelivered'],
  ['EXPIRED', 'expired'],
  ['REJECTD', 'rejected'],
  ['ENROUTE', 'enroute'],
  ['ACCEPTD', 'accepted'],
  ['DELETED', 'deleted'],
  ['UNKNOWN', 'unknown'],
])

/** The state that message_state names. */
export const stateOfNumber = (value: number): ReceiptState => byNumber[value] ?? 'unknown'

/** The state behind `stat:`, or undefined for a word that says nothing. */
export function stateOfWord(word: string): ReceiptState | undefined {
  const known = standard.get(word)
  if (known !== undefined || word === '') return known
  const letters = word
    .slice(0, 40)
    .normalize('NFKD')
    .toUpperCase()
    .replace(/[^\p{L}\p{N}]/gu, '')
  // `stat:0` means delivered where it is used at all (Yo!, facts group 37); other digits are message_state numbers.
  if (/^\d+$/.test(letters)) return Number(letters) === 0 ? 'delivered' : stateOfNumber(Number(letters))
  return words.find(([beginning]) => letters.startsWith(beginning))?.[1]
}
