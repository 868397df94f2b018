import { setTimeout as delay } from 'node:timers/promises'

/** How far a run has come, by stage: `accepted`, `submitted`, … */
export type Progress = Readonly<Record<string, number>>

const lookMs = 100
/** Nothing moving for so long is a stall: every part that may wait by design waits less. */
const stallMs = 20_000
/** No run takes longer than this, whatever still moves. */
const mostMs = 10 * 60_000

/**
 * Looks at the progress until `done`, and throws with all its figures when nothing moves any more.
 * `onLook` is called with each look.
 */
export async function follow<P extends Progress>(options: {
  read: () => Promise<P>
  done: (progress: P) => boolean
  goal: string
  onLook?: () => void
  signal: AbortSignal
}): Promise<void> {
  const { read, done, goal, onLook, signal } = options
  const begin = performance.now()
  let movedAt = begin
  let last = ''
  for (;;) {
    signal.throwIfAborted()
    const progress = await read()
    if (done(progress)) return
    const now = performance.now()
    const shown = JSON.stringify(progress)
    if (shown !== last) {
      last = shown
      movedAt = now
    }
    if (now - movedAt > stallMs) throw new Error(`${goal}: nothing has moved for 20 s. ${sentence(progress)}`)
    if (now - begin > mostMs) throw new Error(`${goal}: given up after 10 minutes. ${sentence(progress)}`)
    onLook?.()
    await delay(lookMs)
  }
}

const sentence = (progress: Progress): string =>
  Object.entries(progress)
    .map(([stage, count]) => `${stage} ${count.toLocaleString('en')}`)
    .join(', ')
