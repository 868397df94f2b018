export interface Batcher<Item, Result> {
  /** Resolves or rejects with this item's own outcome, once the batch that carried it has ended. */
  push(item: Item): Promise<Result>
  /** The next batch does not gather, or no longer: somebody waits for what is in it, or is about to be. */
  hurry(): void
  /** Weight of what waits and is under way. */
  readonly load: number
  /** Resolves when nothing waits and nothing is under way. */
  idle(): Promise<void>
}

/**
 * Turns many concurrent calls into few: whatever arrives while a batch is under way goes out together with the
 * next one. A lone item does not wait, and a crowd shares one commit.
 */
export function createBatcher<Item, Result>(options: {
  /** Handles the items and answers for each, in order. A throw rejects the whole batch. */
  flush: (items: Item[]) => Promise<(Result | Error)[]>
  /** Most weight in one batch; a single heavier item still goes, alone. */
  maxWeight: number
  /** Batches under way at a time. */
  concurrency: number
  /**
   * Least time from the start of one batch to that of the next, unless that is full. A first item never waits; under
   * load the rows of a moment share one statement and one commit, which cost more than the rows.
   */
  spacingMs?: number
  /**
   * When nothing more of a kind has come for `ms`, whoever sent what waits of it is waiting for the answers: the next batch
   * starts before its time. `of` names the kind; nobody waits for what is undefined.
   */
  quiet?: { ms: number; of: (item: Item) => unknown }
  weigh?: (item: Item) => number
}): Batcher<Item, Result> {
  interface Entry {
    item: Item
    weight: number
    resolve: (result: Result) => void
    reject: (error: unknown) => void
  }
  const { flush, maxWeight, concurrency, weigh = () => 1, spacingMs = 0, quiet } = options
  let waiting: Entry[] = []
  /** Weight of what waits. */
  let gathered = 0
  let load = 0
  let running = 0
  let scheduled = false
  let hurried = false
  let timer: NodeJS.Timeout | undefined
  let startedAt = Number.NEGATIVE_INFINITY
  /** When the last one came, of each kind that waits. */
  const lastOf = new Map<unknown, number>()
  let idlers: (() => void)[] = []

  function take(): Entry[] {
    let weight = 0
    let end = 0
    while (end < waiting.length && (end === 0 || weight + waiting[end]!.weight <= maxWeight))
      weight += waiting[end++]!.weight
    const batch = waiting.slice(0, end)
    waiting = waiting.slice(end)
    gathered -= weight
    if (waiting.length === 0) lastOf.clear()
    return batch
  }

  async function run(batch: Entry[]): Promise<void> {
    running++
    try {
      const results = await flush(batch.map((entry) => entry.item))
      for (const [at, entry] of batch.entries()) {
        const result = results[at]
        if (result instanceof Error) entry.reject(result)
        else entry.resolve(result as Result)
      }
    } catch (error) {
      for (const entry of batch) entry.reject(error)
    }
    running--
    for (const entry of batch) load -= entry.weight
    if (waiting.length > 0) schedule()
    else if (running === 0) {
      const woken = idlers
      idlers = []
      for (const wake of woken) wake()
    }
  }

  function schedule(): void {
    if (scheduled || running >= concurrency) return
    scheduled = true
    const wait = patience()
    // After the sockets of this turn have been read, so that one turn's requests share a batch.
    if (wait > 0) timer = setTimeout(gather, wait)
    else setImmediate(start)
  }

  /** How much longer the next batch may gather, in milliseconds. */
  function patience(): number {
    if (hurried || gathered >= maxWeight) return 0
    let until = startedAt + spacingMs
    if (quiet) for (const at of lastOf.values()) until = Math.min(until, at + quiet.ms)
    return until - performance.now()
  }

  function gather(): void {
    const wait = patience()
    timer = wait > 0 ? setTimeout(gather, wait) : undefined
    if (!timer) start()
  }

  function startNow(): void {
    clearTimeout(timer)
    timer = undefined
    setImmediate(start)
  }

  function start(): void {
    scheduled = false
    hurried = false
    startedAt = performance.now()
    while (running < concurrency && waiting.length > 0) run(take())
  }

  return {
    push(item) {
      return new Promise((resolve, reject) => {
        const weight = weigh(item)
        load += weight
        gathered += weight
        waiting.push({ item, weight, resolve, reject })
        const kind = quiet?.of(item)
        if (kind !== undefined) lastOf.set(kind, performance.now())
        if (timer && gathered >= maxWeight) startNow()
        else schedule()
      })
    },
    hurry() {
      hurried = true
      if (timer) startNow()
    },
    get load() {
      return load
    },
    idle() {
      return load === 0 ? Promise.resolve() : new Promise((resolve) => idlers.push(resolve))
    },
  }
}
