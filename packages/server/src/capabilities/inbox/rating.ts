/** What somebody says who was asked how we did: a number from 1 to 5, and perhaps why. */

export interface Rating {
  score: 1 | 2 | 3 | 4 | 5
  comment: string | null
}

const words: readonly (readonly string[])[] = [
  ['eins', 'one'],
  ['zwei', 'two'],
  ['drei', 'three'],
  ['vier', 'four'],
  ['fünf', 'fuenf', 'five'],
]
const number = `[1-5]|${words.flat().join('|')}`
const outOf = '(?:\\s*(?:/|von|of|out of)\\s*(?:5|fünf|fuenf|five))?'
const unit = '(?:\\s*(?:sterne?|stars?|punkte?|points?))?'
/** The number first, alone or with what follows after a break: "12 people" and "5 pm" start with no rating. */
const spoken = new RegExp(`^(?:note\\s+)?(${number})${outOf}${unit}(?:$|[\\s!.,;:–—-]+(.*)$)`, 'isu')
const stars = /^((?:⭐️?|★)+)\s*(.*)$/su
/** What a number stands before that is no rating. */
const counted = /^(?:uhr|h|pm|am|stück|personen|people|mal|times|x|€|eur|euro|kg|tage|days|min|std)\b/iu

/**
 * Reads an answer to "How did we do, from 1 to 5?". Undefined when it is none: another text, a number of
 * something, or a question, which wants an answer and no entry in a table.
 */
export function readRating(text: string): Rating | undefined {
  const trimmed = text.normalize('NFKC').trim()
  const [, row, after] = stars.exec(trimmed) ?? []
  const [, said, rest] = row === undefined ? (spoken.exec(trimmed) ?? []) : []
  const score = row === undefined ? scoreOf(said) : [...row.matchAll(/[⭐★]/gu)].length
  const comment = (after ?? rest ?? '').trim()
  if (score === undefined || score < 1 || score > 5) return undefined
  if (comment.includes('?') || counted.test(comment)) return undefined
  return { score: score as Rating['score'], comment: comment === '' ? null : comment }
}

function scoreOf(said: string | undefined): number | undefined {
  if (said === undefined) return undefined
  const digit = Number(said)
  if (digit) return digit
  const at = words.findIndex((each) => each.includes(said.toLowerCase()))
  return at < 0 ? undefined : at + 1
}
