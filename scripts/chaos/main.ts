import { readFlags } from '../flags.ts'
import { faultKinds, faultNames } from './plan.ts'
import { type ChaosReport, runChaos } from './run.ts'

/**
 * `npm run chaos`: a house under load, killed, cut and stalled in the order that a seed says, and then held against its
 * promises. Ends with 1 when one is broken.
 */

const flags = {
  seed: { fallback: '1', help: 'Which faults, and when: the same again for the same seed.' },
  kills: { fallback: '20', help: 'How many kill -9, with other faults between them.' },
  spacing: { fallback: '1500', help: 'Milliseconds between two faults, on average.' },
  nodes: { fallback: '2', help: 'Processes of the server on one PostgreSQL.' },
  carriers: { fallback: '-,60', help: 'One entry a carrier: segments a second by contract, or - for none.' },
  window: { fallback: '20', help: 'Unanswered submit_sm on one bind.' },
  rate: { fallback: '60', help: 'Messages a second.' },
} as const

const positive = (name: string, text: string): number => {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1) throw new Error(`--${name}: it takes a whole number from 1.`)
  return value
}

const given = readFlags('npm run chaos --', flags, process.argv.slice(2))
if (given) {
  const report = await runChaos({
    seed: positive('seed', given.seed),
    kills: positive('kills', given.kills),
    spacingMs: positive('spacing', given.spacing),
    nodes: positive('nodes', given.nodes),
    carriers: given.carriers
      .split(',')
      .map((rate) => (rate === '-' ? undefined : positive('carriers', rate))),
    window: positive('window', given.window),
    perSecond: positive('rate', given.rate),
    say: (line) => console.log(line),
  })
  console.log(table(report))
  if (report.verdicts.some(({ broken }) => broken.length > 0)) process.exitCode = 1
}

function table({ verdicts, faults, figures, lifeOf }: ChaosReport): string {
  const {
    seconds,
    messages,
    texts,
    orders,
    receiptsAgain,
    kills,
    twice,
    flagged,
    unknown,
    unsent,
    textsTwice,
  } = figures
  return [
    '',
    `${seconds} s, ${messages} messages by HTTP, ${orders} by SMPP, ${texts} texts, ${kills} kills`,
    ...faultNames.map((name) => `${String(faults[name] ?? 0).padStart(6)}  ${faultKinds[name].what}`),
    '',
    ...verdicts.flatMap(({ promise, looked, broken }) => [
      `${broken.length === 0 ? 'kept  ' : 'BROKEN'}  ${promise} (${looked})`,
      ...broken.slice(0, 20).map((line) => `          ${line}`),
      ...broken.slice(0, 3).flatMap((line) => lives(line, lifeOf)),
      ...(broken.length > 20 ? [`          and ${broken.length - 20} more`] : []),
    ]),
    '',
    `${flagged} flagged as possible duplicates, of which ${twice} went out twice; ${unknown} of marketing ended unknown and ${unsent} unsent, too late; ${textsTwice} texts stored twice, ${receiptsAgain} receipts given twice`,
  ].join('\n')
}

/** The line names a recipient, mostly. */
function lives(line: string, lifeOf: ChaosReport['lifeOf']): string[] {
  const [recipient] = /\+\d+/.exec(line) ?? []
  return recipient === undefined ? [] : [`            ${lifeOf(recipient)}`]
}
