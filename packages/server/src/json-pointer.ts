/** A JSON Pointer (RFC 6901), or the empty text for the whole. */
export const pointerPattern = '^(/([^/~]|~[01])*)*$'

/** What stands at the pointer; undefined when the way there ends early. */
export function at(value: unknown, pointer: string): unknown {
  let here = value
  for (const step of pointer.split('/').slice(1)) {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~')
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, name)) return undefined
    here = (here as Record<string, unknown>)[name]
  }
  return here
}

/** The text or number at the pointer as text; undefined for everything else, and for the empty text. */
export function textAt(value: unknown, pointer: string): string | undefined {
  const found = at(value, pointer)
  // PostgreSQL's text holds no NUL and no half characters; a provider may send both.
  if (typeof found === 'string' && found !== '') return found.replaceAll('\0', '').toWellFormed()
  return typeof found === 'number' || typeof found === 'boolean' ? String(found) : undefined
}

/** JSON whose numbers beyond 2^53 stay what was written: ids are text, and Number would change their digits. */
export function parseJson(text: string): unknown {
  return JSON.parse(text, (_key, value, context?: { source?: string }) => {
    if (typeof value !== 'number' || Number.isSafeInteger(value) || context?.source === undefined)
      return value
    return /^-?\d+$/.test(context.source) ? context.source : value
  })
}
