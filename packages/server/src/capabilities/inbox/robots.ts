/** Whether an automatic answer makes sense. Two machines that thank each other would do so until the money is gone. */

/** Answers that phones and mail gateways give by themselves, in the words with which they begin or that they hold. */
const phrases = [
  /\bauto(?:matic|matische|matisch)?[ -]?(?:reply|response|antwort|erstellte?)\b/iu,
  /\bout of (?:the )?office\b/iu,
  /\bich (?:bin|fahre) (?:gerade )?(?:auto|am steuer|nicht erreichbar)\b/iu,
  /\bi['’]?m driving\b/iu,
  /\babwesenheits(?:notiz|nachricht)\b/iu,
  /\bdo not reply\b|\bbitte nicht antworten\b|\bnoreply\b/iu,
]

/** A number that a person can have; names and short codes belong to machines. */
const person = /^\+[1-9]\d{6,14}$/

/** How many automatic answers a person gets within a day, whatever the hours. */
export const mostInADay = 3

export interface Asking {
  from: string
  text: string
  /** What we would say: somebody who says just that is our echo. */
  answer: string
}

/** True when nobody is there who would read an automatic answer. */
export function isRobot({ from, text, answer }: Asking): boolean {
  return !person.test(from) || text.trim() === answer.trim() || phrases.some((phrase) => phrase.test(text))
}
