/** Code points that continue, or may continue, what a reader sees as one character [UAX #29]. */
const continues =
  /^(?:\p{M}|\p{Emoji_Modifier}|\p{Regional_Indicator}|\p{Extended_Pictographic}|\u200c|\u200d|[\u1160-\u11ff]|[\u{e0020}-\u{e007f}])/u
/** Code units that tie the next code point to them: joiners, and the viramas of Indic conjuncts. */
const ties = /[\p{M}\u200d]/u
const LOOKAHEAD = 32
/** Nothing below the combining accents hangs together with its like. */
const COMBINES = 0x300

let segmenter: Intl.Segmenter | undefined

/**
 * Where the grapheme cluster starts that a cut before `index` would part; `index` itself if it parts none.
 * `from` is a border known to be good: nothing before it is looked at.
 */
export function clusterStart(text: string, from: number, index: number): number {
  // Cheap for nearly every text: the segmenter is asked only where something could hang together.
  if (text.charCodeAt(index) < COMBINES && text.charCodeAt(index - 1) < COMBINES) return index
  if (!continues.test(text.slice(index, index + 2)) && !ties.test(text.charAt(index - 1))) return index
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' })
  const cluster = segmenter.segment(text.slice(from, index + LOOKAHEAD)).containing(index - from)
  return cluster === undefined ? index : from + cluster.index
}
