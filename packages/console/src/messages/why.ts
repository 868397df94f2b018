import type { Waiting } from '../api/types.ts'
import type { Formats } from '../format/formats.ts'
import type { Strings } from '../strings/en.ts'

/** The server counts no further. */
const mostAhead = 1_000

/** Why it waits: in the catalogue's words where it has them, else in the server's. */
export function whyWaiting(
  { code, sentence, carrier, facts = {} }: Waiting,
  t: Strings,
  format: Formats,
): string {
  const counted = (count = 0) => ({
    count,
    shown: count >= mostAhead ? t.waiting.orMore(format.number(mostAhead)) : format.number(count),
  })
  const words = t.waiting.byCode[code]?.({
    who: carrier ?? t.waiting.someCarrier,
    error: facts.error,
    sender: facts.sender,
    rate: format.amount(facts.segments_per_second ?? 0),
    ahead: counted(facts.ahead_in_lane),
    aheadHigher: counted(facts.ahead_in_higher_lanes),
    carriers: (facts.carriers ?? []).map((each) => ({ ...each, links: counted(each.links) })),
    list: format.list,
  })
  const why = words ?? sentence
  return why.charAt(0).toUpperCase() + why.slice(1)
}
