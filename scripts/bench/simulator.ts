/**
 * `npm run bench -- simulator`: what one message costs the simulator, as a process of its own. A message is a submit_sm,
 * its answer, its receipt and the receipt's answer. The other side is sockets and octets alone.
 */
import { connect, type Socket } from 'node:net'
import { encodePdu } from '@kurzpost/smpp'
import { type Cleanup, createCleanup } from '../children.ts'
import { readFlags } from '../flags.ts'
import { startSimulator } from './house.ts'
import { cpuOf } from './usage.ts'

const runs: readonly (readonly [name: string, flags: Record<string, string>])[] = [
  ['every default, receipts at once', { 'receipt-delay-ms': '0' }],
  ['receipts after 50 ms', { 'receipt-delay-ms': '50' }],
  [
    'distributions and shares',
    {
      profile: 'flaky',
      malformed: '',
      'drop-link': '0',
      'answer-delay-ms': 'lognormal 2 20',
      'receipt-delay-ms': 'lognormal 20 200',
    },
  ],
  ['every PDU looked at', { malformed: '7 1%, 13 1%', 'receipt-delay-ms': '0' }],
]

const flags = {
  messages: { fallback: '100000', help: 'Messages of each run.' },
  warmup: { fallback: '20000', help: 'Messages before it that count for nothing.' },
  window: { fallback: '500', help: 'Unanswered submit_sm at a time.' },
} as const

export async function benchSimulator(args: string[]): Promise<void> {
  const texts = readFlags('npm run bench -- simulator', flags, args)
  if (texts === undefined) return
  const count = (name: keyof typeof flags): number => {
    const number = Number(texts[name])
    if (!Number.isInteger(number) || number < 1) throw new Error(`--${name}: it takes a whole number from 1.`)
    return number
  }
  const [messages, warmup, window] = [count('messages'), count('warmup'), count('window')]
  for (const [name, settings] of runs) {
    const cleanup = createCleanup()
    try {
      const { micros, perSecond, refused } = await measure(cleanup, settings, { messages, warmup, window })
      const cpu = micros === undefined ? '-' : micros.toFixed(1)
      const core = micros === undefined ? '-' : Math.round(1_000_000 / micros).toLocaleString('en')
      process.stdout.write(
        `${name.padEnd(34)} CPU ${cpu} µs a message: ${core} a second on a core; here ${Math.round(perSecond).toLocaleString('en')}; refused ${refused.toLocaleString('en')}\n`,
      )
    } finally {
      await cleanup.run()
    }
  }
}

interface Load {
  readonly messages: number
  readonly warmup: number
  readonly window: number
}

async function measure(
  cleanup: Cleanup,
  settings: Record<string, string>,
  { messages, warmup, window }: Load,
) {
  const simulator = await startSimulator(cleanup, { receiptDelayMs: 0, window }, settings)
  const socket = connect({ port: simulator.smppPort, host: '127.0.0.1', noDelay: true })
  const driver = createDriver(socket, window)
  await driver.bind()
  await driver.send(warmup)
  const before = await countsOf(simulator.url)
  const [cpuBefore, startedAt] = [cpuOf(simulator.pid), performance.now()]
  const { taken, receipts, lastAt } = await driver.send(messages)
  const seconds = (lastAt - startedAt) / 1000
  const cpuAfter = cpuOf(simulator.pid)
  const after = await countsOf(simulator.url)
  socket.destroy()
  check('messages that were taken', taken, after.accepted - before.accepted)
  check('receipts that were answered', receipts, after.receipts_acknowledged - before.receipts_acknowledged)
  // Every message asks for its receipt; some come twice.
  if (receipts < taken) throw new Error(`Only ${receipts} receipts for ${taken} messages.`)
  return {
    refused: messages - taken,
    micros: cpuBefore === undefined || cpuAfter === undefined ? undefined : (cpuAfter - cpuBefore) / messages,
    perSecond: messages / seconds,
  }
}

type Counts = { readonly accepted: number; readonly receipts_acknowledged: number }

async function countsOf(url: string): Promise<Counts> {
  const answer = await fetch(`${url}/health`)
  return ((await answer.json()) as { stats: Counts }).stats
}

/** Both ends count, and must agree: a message that was not worked on costs nothing. */
function check(what: string, here: number, there: number): void {
  if (here !== there) throw new Error(`${what}: ${here} here, ${there} at the simulator.`)
}

const SUBMIT_SM_RESP = 0x8000_0004
const DELIVER_SM = 0x05
const DELIVER_SM_RESP = 0x8000_0005

/** A run ends when every submit_sm has its answer and nothing has come for this long: some receipts come twice, some a second late. */
const QUIET_MS = 1500

const template = encodePdu({
  command: 'submit_sm',
  source_addr: 'Bench',
  source_addr_ton: 5,
  destination_addr: '4915100000000',
  dest_addr_ton: 1,
  dest_addr_npi: 1,
  registered_delivery: 1,
  short_message: Buffer.from(
    'A text of about a hundred characters, as messages are: your code is 123456, and it is valid for 5 min',
  ),
})
const digitsAt = template.indexOf('4915100000000') + 5

function createDriver(socket: Socket, window: number) {
  let [sent, answered, receipts, target, taken, lastAt] = [0, 0, 0, 0, 0, 0]
  let rest: Buffer = Buffer.alloc(0)
  let finish = (): void => {}
  let quiet: NodeJS.Timeout | undefined
  let bound = (): void => {}

  const submit = (): Buffer => {
    const pdu = Buffer.from(template)
    sent += 1
    pdu.writeUInt32BE(sent, 12)
    pdu.write(String(sent % 10_000).padStart(8, '0'), digitsAt, 'latin1')
    return pdu
  }

  socket.on('data', (chunk: Buffer) => {
    const octets = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    const out: Buffer[] = []
    let at = 0
    for (; at + 16 <= octets.length; ) {
      const length = octets.readUInt32BE(at)
      if (at + length > octets.length) break
      const id = octets.readUInt32BE(at + 4)
      if (id === SUBMIT_SM_RESP) {
        answered += 1
        if (octets.readUInt32BE(at + 8) === 0) taken += 1
      } else if (id === DELIVER_SM) {
        receipts += 1
        const answer = Buffer.alloc(17)
        answer.writeUInt32BE(17, 0)
        answer.writeUInt32BE(DELIVER_SM_RESP, 4)
        octets.copy(answer, 12, at + 12, at + 16)
        out.push(answer)
      } else bound()
      at += length
    }
    rest = octets.subarray(at)
    lastAt = performance.now()
    while (sent - answered < window && sent < target) out.push(submit())
    if (out.length > 0) socket.write(Buffer.concat(out))
    clearTimeout(quiet)
    if (answered >= target) quiet = setTimeout(() => finish(), QUIET_MS)
  })

  return {
    bind: () =>
      new Promise<void>((resolve) => {
        bound = resolve
        socket.write(encodePdu({ command: 'bind_transceiver', system_id: 'bench', password: 'bench' }))
      }),
    /** `lastAt`: when the last octets came. */
    send: (messages: number) =>
      new Promise<{ taken: number; receipts: number; lastAt: number }>((resolve) => {
        finish = () => resolve({ taken, receipts, lastAt })
        target = sent + messages
        taken = 0
        receipts = 0
        socket.write(Buffer.concat(Array.from({ length: Math.min(window, messages) }, submit)))
      }),
  }
}
