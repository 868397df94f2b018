import { answer } from '../worker.ts'
import { clients } from './clients.ts'
import { servers } from './servers.ts'

/** One end of a link, a process of its own: `side.ts client ours`, `side.ts server npm`, … */

export interface Order {
  readonly port: number
  readonly window: number
  readonly seconds: number
}

/** What one run of one process came to. */
export interface Effort {
  readonly answered: number
  readonly seconds: number
  /** Microseconds, user and system. */
  readonly cpu: number
}

const [end, by] = process.argv.slice(2) as ['client' | 'server', 'ours' | 'npm' | 'raw']

/** Takes the time from now on. */
function startClock(): (answered: number) => Effort {
  const cpuBefore = process.cpuUsage()
  const before = performance.now()
  return (answered) => {
    const { user, system } = process.cpuUsage(cpuBefore)
    return { answered, seconds: (performance.now() - before) / 1_000, cpu: user + system }
  }
}

if (end === 'client') {
  answer({
    async run({ port, window, seconds }: Order): Promise<Effort> {
      const read = startClock()
      return read(await clients[by](port, window, seconds))
    },
  })
} else {
  let answered = 0
  let read = startClock()
  answer({
    listen: (): Promise<number> =>
      servers[by](() => {
        answered++
      }),
    reset() {
      answered = 0
      read = startClock()
    },
    read: (): Effort => read(answered),
  })
}
