import { createParser } from 'eventsource-parser'
import { ApiError, request } from './client.ts'

interface StreamOptions {
  onEvent: (event: { type: string; id: string | undefined; data: unknown }) => void
  /** `resumed` is false when events may have been missed: read the state again. */
  onOpen?: (resumed: boolean) => void
  onLost?: () => void
  /** Silence after which the link counts as dead. The events stream sends a comment every 15 s. */
  silenceMs?: number
}

const firstDelayMs = 400
const maxDelayMs = 10_000

/**
 * Server-sent events over fetch, because EventSource cannot send an Authorization header. Reconnects with
 * jittered backoff and `Last-Event-ID`, and ends for good on a 4xx. Returns the function that closes it.
 */
export function openStream(path: string, options: StreamOptions): () => void {
  const closed = new AbortController()
  let lastId: string | undefined
  let delay = firstDelayMs
  let opened = false

  const readOnce = async () => {
    const attempt = new AbortController()
    const signal = AbortSignal.any([closed.signal, attempt.signal])
    let watchdog: ReturnType<typeof setTimeout> | undefined
    const alive = () => {
      clearTimeout(watchdog)
      if (options.silenceMs) watchdog = setTimeout(() => attempt.abort(), options.silenceMs)
    }
    try {
      alive()
      const response = await request(path, {
        accept: 'text/event-stream',
        headers: lastId ? { 'last-event-id': lastId } : {},
        signal,
      })
      options.onOpen?.(opened && lastId !== undefined)
      opened = true
      delay = firstDelayMs
      const parser = createParser({
        onEvent: (event) => {
          lastId = event.id ?? lastId
          options.onEvent({ type: event.event ?? 'message', id: event.id, data: JSON.parse(event.data) })
        },
        onRetry: (ms) => {
          delay = Math.min(ms, maxDelayMs)
        },
      })
      const text = response.body!.pipeThrough(new TextDecoderStream()).getReader()
      for (;;) {
        const { done, value } = await text.read()
        if (done) return
        alive()
        parser.feed(value)
      }
    } finally {
      clearTimeout(watchdog)
      attempt.abort()
    }
  }

  const run = async () => {
    while (!closed.signal.aborted) {
      try {
        await readOnce()
      } catch (error) {
        if (error instanceof ApiError && error.status >= 400 && error.status < 500 && error.status !== 429) {
          options.onLost?.()
          return
        }
      }
      if (closed.signal.aborted) return
      options.onLost?.()
      await pause(delay * (0.75 + Math.random() / 2), closed.signal)
      delay = Math.min(delay * 2, maxDelayMs)
    }
  }
  void run()
  return () => closed.abort()
}

const pause = (ms: number, signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer)
        resolve()
      },
      { once: true },
    )
  })
