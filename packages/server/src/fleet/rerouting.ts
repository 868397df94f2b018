import type { Bell } from '../bell.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import { type Pulse, startPulse } from '../pulse.ts'
import { repath } from '../routing/repath.ts'
import type { Router } from '../routing/router.ts'
import type { Db } from '../store/db.ts'

/** Rules are read again when somebody has rung, and so often in case a ring was lost. */
const everyMs = 1_000

/** Keeps this node's router at the present rules and, where `moves`, moves queued messages to the paths of these. */
export function startRerouting(options: {
  db: Db
  bell: Bell
  clock: Clock
  log: Log
  router: Router
  moves: boolean
}): Pick<Pulse, 'stop'> {
  const { bell, clock, log, router, moves } = options
  const pulse = startPulse({
    name: 'the routing of what is queued',
    work: () => (moves ? repath(options) : router.refresh().then(() => undefined)),
    everyMs,
    spacingMs: 20,
    clock,
    log,
  })
  const deaf = bell.on('carriers', pulse.ring)
  return {
    stop() {
      deaf()
      return pulse.stop()
    },
  }
}
