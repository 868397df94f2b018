import { type Lane, type LanePolicy, lanes } from '../../packages/server/src/message/lane.ts'
import { isFinal, states, transitions } from '../../packages/server/src/message/state.ts'
import { generatedFrom, page, table } from './markdown.ts'

const minute = 60_000
const span = (ms: number): string => (ms < 60 * minute ? `${ms / minute} min` : `${ms / (60 * minute)} h`)

const whenUncertain: Record<LanePolicy['onUncertain'], string> = {
  resend: 'send again at once',
  wait: 'wait for a late answer or receipt (`KURZPOST_UNCERTAIN_SECONDS`), then send again',
  expire: 'wait for a late answer or receipt until it expires; never send again',
}

export function statesPage(): string {
  const edges = states.flatMap((from) => transitions[from].map((to) => `  ${from} --> ${to}`))
  const drawing = [
    'stateDiagram-v2',
    '  [*] --> accepted',
    '  [*] --> received',
    ...edges,
    ...states.filter(isFinal).map((state) => `  ${state} --> [*]`),
  ]
  return page(
    generatedFrom('packages/server/src/message/state.ts and lane.ts'),
    '# The life of a message',
    `\`\`\`mermaid\n${drawing.join('\n')}\n\`\`\``,
    'After a final state Kurzpost does nothing more of its own accord. A phone that says "received" still outranks a network or a clock that gave up: then `undelivered`, `expired` and `rejected` become `delivered`.',
    '## Lanes',
    'Messages of a higher lane go out first. `uncertain` is a message whose link broke between the write and the answer: nobody can know whether it is out. What is sent again is marked `possible_duplicate`.',
    table(
      ['Lane', 'Worth delivering for', 'When uncertain'],
      (Object.keys(lanes) as Lane[]).map((lane) => {
        const { validityMs, onUncertain } = lanes[lane]
        return [`\`${lane}\``, span(validityMs), whenUncertain[onUncertain]]
      }),
    ),
  )
}
