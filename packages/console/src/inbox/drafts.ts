/** What somebody has begun to write to whom: it outlives a look at another conversation, and a reload. */
export interface Unsent {
  mode: 'reply' | 'note'
  text: string
}

const key = (id: string) => `kurzpost-inbox-${id}`

export function readUnsent(id: string): Unsent {
  try {
    const { mode, text } = JSON.parse(sessionStorage.getItem(key(id)) ?? '{}')
    return { mode: mode === 'note' ? 'note' : 'reply', text: typeof text === 'string' ? text : '' }
  } catch {
    return { mode: 'reply', text: '' }
  }
}

export function keepUnsent(id: string, unsent: Unsent): void {
  if (unsent.text === '') sessionStorage.removeItem(key(id))
  else sessionStorage.setItem(key(id), JSON.stringify(unsent))
}

/** One conversation has become part of another: so does what was begun in it, unless something was begun there. */
export function moveUnsent(from: string, to: string): void {
  const unsent = readUnsent(from)
  if (unsent.text !== '' && readUnsent(to).text === '') keepUnsent(to, unsent)
  sessionStorage.removeItem(key(from))
}
