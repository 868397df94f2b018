import type { Clock } from './clock.ts'
import type { Readiness } from './http/native/health.ts'
import { schemaState } from './store/migrate.ts'

/** An answer serves for so long: anybody may ask, and each look costs a database connection. */
const servesMs = 1_000

/** Whether the database answers and has the schema of this version. */
export function createReadiness(url: string, clock: Clock): Readiness {
  let asked = Number.NEGATIVE_INFINITY
  let answer: ReturnType<Readiness> | undefined

  async function look(): Promise<Record<string, string>> {
    try {
      const { pending, refusal } = await schemaState(url)
      const schema =
        refusal ??
        (pending.length > 0 ? `${pending.length} migrations are pending: run kurzpost migrate` : 'ok')
      return { database: 'ok', schema }
    } catch {
      return { database: 'does not answer', schema: 'unknown' }
    }
  }

  return () => {
    if (!answer || clock.monotonic() - asked > servesMs) {
      asked = clock.monotonic()
      answer = look()
    }
    return answer
  }
}
