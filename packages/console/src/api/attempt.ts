import { useRef } from 'react'
import { call, randomKey } from './client.ts'

/**
 * Sends what must not be sent twice. After a lost answer the same request goes out under the same key, and the server gives the
 * answer that it gave before; another one is another attempt, and so is the next after one that came about.
 */
export function useAttempt() {
  const last = useRef<{ request: string; key: string }>(undefined)
  return async <T>(path: string, body: object): Promise<T> => {
    const request = path + JSON.stringify(body)
    if (last.current?.request !== request) last.current = { request, key: randomKey() }
    const answer = await call<T>(path, { method: 'POST', body, idempotencyKey: last.current.key })
    last.current = undefined
    return answer
  }
}
