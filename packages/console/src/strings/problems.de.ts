import type { problems as en } from './problems.en.ts'

/** Was der Server zu einem Feld sagt, auf Deutsch. */
export const problems: typeof en = [
  [
    /^must match pattern/,
    () => 'Das hat nicht die richtige Form oder enthält ein Zeichen, das hier nicht geht.',
  ],
  [/^is missing$/, () => 'Das fehlt.'],
  [/^is unknown here$/, () => 'Diese Einstellung gibt es hier nicht.'],
  [/^must be an? (?:number|integer)$/, () => 'Das ist keine Zahl.'],
  [/^must be an? (?:object)$/, () => 'Das muss ein Objekt sein.'],
  [/^must be an? (?:array)$/, () => 'Das muss eine Liste sein.'],
  [/^must be an? (?:string)$/, () => 'Das muss ein Text sein.'],
  [/^must be one of (.+)$/, (choices) => `Eines von: ${choices}.`],
  [/^must be >= (.+)$/, (least) => `Mindestens ${least}.`],
  [/^must be > (.+)$/, (least) => `Mehr als ${least}.`],
  [/^must be <= (.+)$/, (most) => `Höchstens ${most}.`],
  [/^must not have more than (\d+) characters$/, (most) => `Höchstens ${most} Zeichen.`],
  [
    /^must not have fewer than (\d+) characters$/,
    (least) => (least === '1' ? 'Das fehlt.' : `Mindestens ${least} Zeichen.`),
  ],
  [/^must not have fewer than (\d+) items$/, (least) => `Mindestens ${least}.`],
  [/^must not have more than (\d+) items$/, (most) => `Höchstens ${most}.`],
  [/^(.+) is no IP address/, (what) => `${what} ist keine IP-Adresse und kein Adressbereich.`],
]
