/** Texts with places for a name: `{{name}}`, `{{agent}}`, or any field that the person or the account has. */

/** Letters, digits, underscore, dot and hyphen; blanks around the name do no harm. */
const place = /\{\{\s*([\p{L}\p{N}_.-]{1,60})\s*\}\}/gu

export interface Rendered {
  text: string
  /** Names for which there is nothing: they stay as they are, for the agent to fill in. */
  missing: string[]
}

/** The names in a text, each once, in their order. */
export const namesIn = (text: string): string[] => [
  ...new Set([...text.matchAll(place)].map(([, name]) => name!)),
]

/** Fills in what is known. Names are compared without regard to case. A value is taken as it is, places in it are not read. */
export function render(text: string, values: Readonly<Record<string, unknown>>): Rendered {
  const known = new Map(
    Object.entries(values).flatMap(([name, value]) => {
      const shown = show(value)
      return shown === undefined ? [] : [[name.toLowerCase(), shown]]
    }),
  )
  const missing = new Set<string>()
  const rendered = text.replace(place, (whole, name: string) => {
    const value = known.get(name.toLowerCase())
    if (value === undefined) missing.add(name)
    return value ?? whole
  })
  return { text: rendered, missing: [...missing] }
}

function show(value: unknown): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return undefined
}
