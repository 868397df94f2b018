import { useSyncExternalStore } from 'react'

/**
 * Who is at the console: a user by a session, whose cookie no script can read, or whoever has an API key. The key lives in
 * sessionStorage: it outlives a reload, and ends with the tab. It arrives in the fragment of the printed address, which
 * browsers never send to a server, and leaves the address bar at once.
 */
const storageKey = 'kurzpost-key'
/** Whether a cookie may be there: without it nobody is asked, and no refusal stands in the browser's log. */
const userKey = 'kurzpost-user'
const listeners = new Set<() => void>()

interface Session {
  key: string | undefined
  /** Whether a user is signed in; undefined until the server was asked. */
  user: boolean | undefined
  /** True when the server has refused the last key. */
  refused: boolean
  /** True when a session has ended while somebody was at it. */
  ended: boolean
  /** Rises with everybody who comes in: nothing of the one before may stay on screen. */
  round: number
}

const key = sessionStorage.getItem(storageKey) ?? undefined
const user = localStorage.getItem(userKey) === null ? false : undefined
let session: Session = { key, user, refused: false, ended: false, round: 0 }

function change(next: Partial<Session>) {
  session = { ...session, refused: false, ended: false, ...next }
  if (session.key) sessionStorage.setItem(storageKey, session.key)
  else sessionStorage.removeItem(storageKey)
  if (session.user) localStorage.setItem(userKey, 'here')
  else if (session.user === false) localStorage.removeItem(userKey)
  for (const listener of listeners) listener()
}

/** Returns true when the address brought a key. */
export function takeKeyFromAddress(): boolean {
  const key = new URLSearchParams(location.hash.slice(1)).get('key')
  if (!key) return false
  history.replaceState(history.state, '', location.pathname + location.search)
  enterWithKey(key)
  return true
}

export const currentKey = () => session.key
export const enterWithKey = (key: string) => change({ key: key.trim(), round: session.round + 1 })
export const enterAsUser = () => change({ key: undefined, user: true, round: session.round + 1 })
export const nobodyIsHere = () => change({ key: undefined, user: false })

/** Called when the server knows nobody. An answer to an older key must not throw out a newer one. */
export function refuse(key: string | undefined) {
  if (key !== session.key) return
  if (key) change({ key: undefined, user: false, refused: true })
  else if (session.user) change({ user: false, ended: true })
}

export const useSession = (): Session =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => session,
  )
