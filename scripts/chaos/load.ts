import { setTimeout as delay } from 'node:timers/promises'
import type { ChaosCarrier, ChaosNode } from './house.ts'
import { apiKey } from './house.ts'

/** A message as its sender knows it. Each has a recipient of its own, so that the SMSCs' journals name it. */
export interface Sent {
  readonly to: string
  readonly lane: string
  readonly segments: number
  /** The id of the 202; every repetition must give the same. */
  id: string | undefined
}

export interface WrittenText {
  readonly from: string
  readonly text: string
}

const laneOf = (n: number): string =>
  n % 10 === 0 ? 'code' : n % 10 === 1 ? 'marketing' : n % 10 === 2 ? 'conversation' : 'transactional'
const longText = 'This one is long enough for several parts. '.repeat(8)
const retryMs = 150
const requestMs = 8_000

export interface Load {
  readonly sent: readonly Sent[]
  readonly texts: readonly WrittenText[]
  /** Answers that broke a promise: another id for the same key, a refusal. */
  readonly complaints: readonly string[]
  /** Stops making new messages, and resolves when each of the old ones has its 202. */
  stop(): Promise<void>
}

/** Sends at a steady rate to whichever node answers, and repeats each request under its key until it is accepted. */
export function startLoad(options: {
  nodes: readonly ChaosNode[]
  carriers: readonly ChaosCarrier[]
  seed: number
  perSecond: number
  /** How long marketing is worth sending; the others have their lanes' own time. */
  marketingMs: number
}): Load {
  const { nodes, carriers, seed, perSecond, marketingMs } = options
  const sent: Sent[] = []
  const texts: WrittenText[] = []
  const complaints: string[] = []
  const open = new Set<Promise<void>>()

  async function send(n: number): Promise<void> {
    const to = `+4915${String(10_000_000 + n).padStart(9, '0')}`
    const lane = laneOf(n)
    const isLong = n % 7 === 0
    const entry: Sent = { to, lane, segments: isLong ? 3 : 1, id: undefined }
    sent.push(entry)
    const expiresAt = new Date(Date.now() + marketingMs).toISOString()
    const body = JSON.stringify({
      to,
      lane,
      text: isLong ? longText : `Message ${n}`,
      ...(lane === 'marketing' ? { expires_at: expiresAt } : {}),
    })
    for (let attempt = 0; ; attempt++) {
      const node = nodes[(n + attempt) % nodes.length]!
      const answer = await post(`${node.url}/v1/messages`, body, `chaos-${seed}-${n}`)
      if (answer?.status === 202) {
        entry.id = (JSON.parse(answer.text) as { id: string }).id
        return
      }
      // 4xx but for "too many": it would never be taken.
      if (answer && answer.status < 500 && answer.status !== 429) {
        complaints.push(`${to} was refused: ${answer.status} ${answer.text}`)
        return
      }
      await delay(retryMs)
    }
  }

  /** A person writes; the SMSC has it once it says so. */
  async function write(n: number): Promise<void> {
    const carrier = carriers[n % carriers.length]!
    const from = `+4916${String(10_000_000 + n).padStart(9, '0')}`
    const text = `Text ${n}`
    const answer = await post(
      `${carrier.url}/handsets/${encodeURIComponent(from)}/messages`,
      JSON.stringify({ to: '12345', text }),
    )
    if (answer && answer.status < 300) texts.push({ from, text })
  }

  let n = 0
  const follow = (work: Promise<void>): void => {
    open.add(work)
    void work.finally(() => open.delete(work))
  }
  const startedAt = performance.now()
  const timer = setInterval(() => {
    // By the clock: a house that is busy must not make the load smaller.
    const due = Math.floor(((performance.now() - startedAt) / 1000) * perSecond)
    // A crowd that waits is enough; beyond it only memory would grow.
    while (n < due && open.size < 2_000) {
      n++
      follow(send(n))
      if (n % 10 === 0) follow(write(n))
    }
  }, 20)

  return {
    sent,
    texts,
    complaints,
    async stop() {
      clearInterval(timer)
      await Promise.all([...open])
    },
  }
}

async function post(
  url: string,
  body: string,
  key?: string,
): Promise<{ status: number; text: string } | undefined> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${apiKey}`,
        ...(key === undefined ? {} : { 'idempotency-key': key }),
      },
      body,
      signal: AbortSignal.timeout(requestMs),
    })
    return { status: response.status, text: await response.text() }
  } catch {
    return undefined
  }
}
