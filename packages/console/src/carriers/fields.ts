/** What of a carrier's settings has a field of its own; all the rest is edited as JSON. Names and help are in the catalogues. */
export type Group = 'reach' | 'speed' | 'text' | 'receipts' | 'addresses'

export interface Field {
  /** In the settings; a dot leads into an object. */
  path: string
  input: 'text' | 'number' | 'switch' | 'choice' | 'lines'
  choices?: readonly string[]
  group: Group
  /** Known to few and needed by fewer. */
  advanced?: boolean
  required?: boolean
}

export const fields: Record<string, readonly Field[]> = {
  smpp: [
    { path: 'host', input: 'text', group: 'reach', required: true },
    { path: 'port', input: 'number', group: 'reach' },
    { path: 'tls', input: 'switch', group: 'reach' },
    { path: 'system_id', input: 'text', group: 'reach', required: true },
    { path: 'segments_per_second', input: 'number', group: 'speed' },
    { path: 'window', input: 'number', group: 'speed' },
  ],
  http: [
    { path: 'segments_per_second', input: 'number', group: 'speed' },
    { path: 'concurrency', input: 'number', group: 'speed' },
    { path: 'timeout_seconds', input: 'number', group: 'speed', advanced: true },
  ],
}

export const groups: readonly Group[] = ['reach', 'speed', 'text', 'receipts', 'addresses']
export const kinds = Object.keys(fields)

/** Of a kind that has them by fixed names; the others take any name. */
export const secretNames: Record<string, readonly string[]> = { smpp: ['password'] }
