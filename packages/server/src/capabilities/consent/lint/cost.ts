import { analyzeText, type Change, countSegments, segmentText, smartEncode } from '@kurzpost/gsm'
import type { Finding, HintCode } from './hints.ts'

/** Cutting off more than this is rewriting, and nobody needs a hint for that. */
const fewUnits = 12
const mostNamed = 4
/** What the header of a segment can count to [3GPP 23.040 §9.2.3.24.1]. */
const mostSegments = 255

const list = (words: readonly string[]): string =>
  words.slice(0, mostNamed).join(', ') + (words.length > mostNamed ? ' …' : '')

/** What a text costs more than it has to. */
export function costFindings(text: string): { code: HintCode; finding: Finding }[] {
  if (text === '') return []
  const { encoding, segments } = countSegments(text)
  if (segments > mostSegments) return []
  return [...(encoding === 'ucs2' ? ucs2(text, segments) : []), ...lastSegment(text)]
}

/** Characters that force UCS-2 on all the others, where they could be written otherwise. */
function ucs2(text: string, before: number): { code: HintCode; finding: Finding }[] {
  const { offenders } = analyzeText(text)
  const first = offenders[0]!
  const distinct = [...new Set(offenders.map(({ char }) => char))]
  const plain = replaced(text)
  if (!plain) return []
  const replacements = [...new Map(plain.changes.map(({ from, to }) => [from, to]))]
  const facts = { before, after: plain.segments, text: plain.text }
  const words = {
    en: {
      characters: list(distinct.map((char) => `“${char}”`)),
      verb: distinct.length === 1 ? 'puts' : 'put',
      replacement: list(
        replacements.map(([from, to]) => (to === '' ? `nothing for “${from}”` : `“${to}” for “${from}”`)),
      ),
    },
    de: {
      characters: list(distinct.map((char) => `„${char}“`)),
      replacement: list(
        replacements.map(([from, to]) => (to === '' ? `nichts statt „${from}“` : `„${to}“ statt „${from}“`)),
      ),
    },
  }
  const at = { from: first.index, to: first.index + first.char.length }
  const code = plain.segments < before ? 'ucs2_by_few' : 'ucs2_harmless'
  return [{ code, finding: { ...at, facts, words } }]
}

function replaced(text: string): { text: string; segments: number; changes: readonly Change[] } | undefined {
  for (const level of ['typography', 'letters'] as const) {
    const { text: plain, applied, after, changes } = smartEncode(text, { when: 'gsm7', level })
    if (applied) return { text: plain, segments: after.segments, changes }
  }
  return undefined
}

/** A last segment that holds next to nothing. */
function lastSegment(text: string): { code: HintCode; finding: Finding }[] {
  const { encoding, segments, units, perSegment, left } = segmentText(text)
  const before = segments.length
  if (before < 2) return []
  // One segment alone has room for the header that several need.
  const whole = encoding === 'gsm7' ? 160 : 70
  const over = before === 2 ? units - whole : perSegment - left
  if (over < 1 || over > fewUnits) return []
  const words = {
    en: { less: over === 1 ? '1 character fewer saves' : `${over} characters fewer save`, become: 'become' },
    de: {
      less: over === 1 ? '1 Zeichen weniger spart' : `${over} Zeichen weniger sparen`,
      become: before === 2 ? 'wird' : 'werden',
    },
  }
  return [
    { code: 'one_segment_more', finding: { facts: { over, before, after: before - 1, encoding }, words } },
  ]
}
