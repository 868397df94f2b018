/** A step of a JSON Pointer. [RFC 6901 §3] */
export const step = (name: string): string => `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`

/** The last name in a pointer that is no number: what a value there may be called. */
export function nameOf(pointer: string): string {
  const names = pointer
    .split('/')
    .slice(1)
    .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'))
  return (names.findLast((name) => !/^\d+$/.test(name)) ?? 'value').replace(/[{}]/g, '')
}

/**
 * The nearest list above a place, and where the place is in one of its entries: `/departures/0/to/name` is
 * `/to/name` in `/departures`.
 */
export function inList(pointer: string): { list: string; inside: string } | undefined {
  const match = /^(.*)\/\d+((?:\/(?!\d+(?:\/|$))[^/]*)*)$/.exec(pointer)
  return match ? { list: match[1]!, inside: match[2]! } : undefined
}
