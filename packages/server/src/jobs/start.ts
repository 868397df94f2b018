import { Logger, parseCronItems, type Runner, run, runMigrations, type TaskList } from 'graphile-worker'
import type { Log } from '../log.ts'
import { backoff } from '../pause.ts'
import type { Db } from '../store/db.ts'

/** Work at fixed times, once in the cluster however many nodes there are. Must bear being run twice. */
export interface Cron {
  name: string
  /** Crontab form, UTC. */
  match: string
  run: () => Promise<unknown>
}

/** A job's work; `payload` is what `later` was given. A throw is tried again, with growing pauses, for days. */
export type Task = (payload: unknown) => Promise<void>

/** A cron that was missed while every node was down is made up for within this time. */
const backfillMs = 24 * 3_600_000

/** Makes the tables into which jobs go, on a node that runs none itself. */
export const prepareJobs = (db: Db): Promise<void> => runMigrations({ pgPool: db.pool })

/**
 * Jobs and schedules on graphile-worker, in its own schema of our database, on our pool: it keeps one connection
 * of it for LISTEN. `tasks` are named `<capability>.<job>`. Resolves when its tables stand.
 */
export async function startJobs(options: {
  db: Db
  log: Log
  crons?: readonly Cron[]
  tasks?: Readonly<Record<string, Task>>
  concurrency?: number
}): Promise<{ stop(): Promise<void> }> {
  const { db, log, crons = [], tasks = {}, concurrency = 4 } = options
  const taskList: TaskList = {}
  for (const { name, run } of crons) taskList[`cron.${name}`] = async () => void (await run())
  for (const [name, task] of Object.entries(tasks)) taskList[name] = (payload) => task(payload)

  const begin = (): Promise<Runner> =>
    run({
      pgPool: db.pool,
      taskList,
      concurrency,
      noHandleSignals: true,
      pollInterval: 1_000,
      logger: new Logger(() => (level, message) => {
        // What it says at other levels is one line a job.
        if (level === 'error' || level === 'warning') log.warn({ from: 'jobs' }, message)
        else log.debug({ from: 'jobs' }, message)
      }),
      parsedCronItems: parseCronItems(
        crons.map(({ name, match }) => ({
          task: `cron.${name}`,
          identifier: name,
          match,
          options: { backfillPeriod: backfillMs, jobKey: `cron.${name}`, jobKeyMode: 'preserve_run_at' },
        })),
      ),
    })
  const stopping = new AbortController()
  let runner = await begin()
  void keep()

  /** A worker that cannot write down how its job went ends itself, and the whole runner with it: the database was away. */
  async function keep(): Promise<void> {
    for (let attempt = 0; !stopping.signal.aborted; attempt++) {
      try {
        await runner.promise
        if (stopping.signal.aborted) return
        log.warn({}, 'the job worker has ended and is started again')
      } catch (error) {
        if (stopping.signal.aborted) return
        log.warn({ error: (error as Error).message }, 'the job worker has ended and is started again')
      }
      await backoff(attempt, { signal: stopping.signal }).catch(() => {})
      if (stopping.signal.aborted) return
      await begin().then(
        async (next) => {
          runner = next
          attempt = 0
          if (stopping.signal.aborted) await next.stop()
        },
        () => undefined, // its promise is settled still: the next round tries again
      )
    }
  }

  return {
    async stop() {
      stopping.abort()
      // One that has ended by itself says so again.
      await runner.stop().catch(() => {})
    },
  }
}
