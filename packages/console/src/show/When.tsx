import { useSyncExternalStore } from 'react'
import { useSpeech } from '../strings/language.tsx'

/** One clock for every relative time on the page. */
const tickMs = 5_000
let now = Date.now()
let timer: ReturnType<typeof setInterval> | undefined
const listeners = new Set<() => void>()

function subscribe(listener: () => void) {
  listeners.add(listener)
  timer ??= setInterval(() => {
    now = Date.now()
    for (const each of listeners) each()
  }, tickMs)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

export function useNow(): number {
  const ticked = useSyncExternalStore(subscribe, () => now)
  return Math.max(ticked, now)
}

/** A moment: relative, with the whole date on hover. */
export function When({ at }: { at: string }) {
  const { format } = useSpeech()
  useNow()
  return (
    <time dateTime={at} title={format.full(at)} className="number">
      {format.relative(at, Date.now())}
    </time>
  )
}
