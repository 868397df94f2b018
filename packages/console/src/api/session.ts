import { useSyncExternalStore } from 'react'

/**
 * The API key lives in sessionStorage: it outlives a reload, and ends with the tab. It arrives in the
 * fragment of the printed address, which browsers never send to a server, and leaves the address bar at once.
 */
const storageKey = 'kurzpost-key'
const listeners = new Set<() => void>()

interface Session {
  key: string | undefined
  /** True when the server has refused the last key. */
  refused: boolean
}

let session: Session = { key: sessionStorage.getItem(storageKey) ?? undefined, refused: false }

function change(next: Session) {
  session = next
  if (next.key) sessionStorage.setItem(storageKey, next.key)
  else sessionStorage.removeItem(storageKey)
  for (const listener of listeners) listener()
}

/** Returns true when the address brought a key. */
export function takeKeyFromAddress(): boolean {
  const key = new URLSearchParams(location.hash.slice(1)).get('key')
  if (!key) return false
  history.replaceState(history.state, '', location.pathname + location.search)
  change({ key, refused: false })
  return true
}

export const currentKey = () => session.key
export const enterWithKey = (key: string) => change({ key: key.trim(), refused: false })
export const forgetKey = () => change({ key: undefined, refused: false })

/** Called on a 401. An answer to an older key must not throw out a newer one. */
export function refuseKey(key: string | undefined) {
  if (key === session.key) change({ key: undefined, refused: true })
}

export const useSession = (): Session =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => session,
  )
