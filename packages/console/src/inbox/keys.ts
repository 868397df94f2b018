/** What single keys do in the inbox, as long as nobody types. */
export const keys = {
  j: 'next',
  ArrowDown: 'next',
  k: 'previous',
  ArrowUp: 'previous',
  r: 'reply',
  n: 'note',
  e: 'close',
  s: 'snooze',
  a: 'assign',
  m: 'mine',
  u: 'unread',
  z: 'undo',
  '/': 'search',
  '?': 'help',
  Escape: 'back',
} as const
export type KeyAct = (typeof keys)[keyof typeof keys]

/** The keys of an act as the help shows them. */
export const keysOf = (act: KeyAct): string[] =>
  Object.entries(keys)
    .filter(([key, each]) => each === act && !key.startsWith('Arrow'))
    .map(([key]) => key)

export const acts = [...new Set(Object.values(keys))]

interface Pressed {
  key: string
  ctrlKey: boolean
  metaKey: boolean
  altKey: boolean
}

/** The act of a key; undefined for one that belongs to a field, to the browser or to a menu. */
export function actOf(event: Pressed, target: { typing: boolean; menu: boolean }): KeyAct | undefined {
  if (event.ctrlKey || event.metaKey || event.altKey || target.typing || target.menu) return undefined
  return keys[event.key as keyof typeof keys]
}

const storageKey = 'kurzpost-inbox-keys'

/** Some people's voice or hands press keys that they do not mean: single keys can be switched off (WCAG 2.1.4). */
export const keysAreOn = (): boolean => localStorage.getItem(storageKey) !== 'off'
export const switchKeys = (on: boolean): void => localStorage.setItem(storageKey, on ? 'on' : 'off')
