interface Options {
  /** The parent to watch: a pid, or nothing for whoever started this process. */
  readonly parentPid: number | undefined
  /** Seconds without a bind or a call after which an orphan ends. */
  readonly seconds: number
  /** Milliseconds since a bind was up or a call came. */
  readonly idleMs: () => number
  readonly end: () => void
}

const POLL_MS = 1000

/**
 * Ends a simulator that nobody needs any more: its parent is gone, and nobody has bound or called for a while. A server
 * that was killed and started again finds its simulator, and the messages in it, still there.
 */
export function watchParent({ parentPid, seconds, idleMs, end }: Options): void {
  const startedUnder = process.ppid
  const isAlone =
    parentPid === undefined ? () => process.ppid !== startedUnder : () => !processExists(parentPid)
  const isOver = createOrphanCheck({ seconds, idleMs, isAlone, now: () => performance.now() })
  const timer = setInterval(() => {
    if (!isOver()) return
    clearInterval(timer)
    end()
  }, POLL_MS)
  timer.unref()
}

interface CheckOptions extends Pick<Options, 'seconds' | 'idleMs'> {
  readonly isAlone: () => boolean
  /** Milliseconds that never jump. */
  readonly now: () => number
}

/** True once the parent has been gone, and nobody has come, for that long. A parent that is gone never comes back. */
export function createOrphanCheck({ seconds, idleMs, isAlone, now }: CheckOptions): () => boolean {
  let aloneSince: number | undefined
  return () => {
    if (aloneSince === undefined && isAlone()) aloneSince = now()
    return aloneSince !== undefined && Math.min(now() - aloneSince, idleMs()) >= seconds * 1000
  }
}

function processExists(pid: number): boolean {
  try {
    // Signal 0 is sent to nobody: it only asks.
    process.kill(pid, 0)
    return true
  } catch (error) {
    // It exists, but belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
