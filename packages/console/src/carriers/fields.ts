/** What of a carrier's settings has a field of its own; all the rest is edited as JSON. Names and help are in the catalogues. */
export type Group = 'reach' | 'speed' | 'text' | 'receipts' | 'addresses' | 'errors'

interface Plain {
  input: 'text' | 'number' | 'switch'
}
interface Choice {
  input: 'choice'
  choices: readonly string[]
}
/** A list of objects, a row each. */
export interface Rows {
  input: 'rows'
  columns: readonly ({ name: string; wide?: boolean } & (Plain | Choice))[]
  /** A form begins with one row. */
  first?: boolean
}
/** Names with a word each: a line `name = word`. */
interface Pairs {
  input: 'pairs'
}

export type Field = {
  /** In the settings; a dot leads into an object. */
  path: string
  group: Group
  /** Known to few and needed by fewer. */
  advanced?: boolean
  required?: boolean
} & (Plain | Choice | Rows | Pairs)

const advanced = true
const alphabets = ['gsm7', 'gsm7_packed', 'latin1', 'ascii']
const idBases = ['auto', 'same', 'hex_to_decimal', 'decimal_to_hex']
const outColumns: Rows['columns'] = [
  { name: 'match', input: 'text', wide: true },
  { name: 'ton', input: 'number' },
  { name: 'npi', input: 'number' },
  { name: 'strip', input: 'text' },
  { name: 'add', input: 'text' },
]

export const fields: Record<string, readonly Field[]> = {
  smpp: [
    {
      path: 'hosts',
      group: 'reach',
      required: true,
      input: 'rows',
      first: true,
      columns: [
        { name: 'host', input: 'text', wide: true },
        { name: 'port', input: 'number' },
        { name: 'tls', input: 'switch' },
      ],
    },
    { path: 'system_id', group: 'reach', required: true, input: 'text' },
    { path: 'system_type', group: 'reach', advanced, input: 'text' },
    { path: 'address_range', group: 'reach', advanced, input: 'text' },
    {
      path: 'interface_version',
      group: 'reach',
      advanced,
      input: 'choice',
      choices: ['3.3', '3.4', '5.0'],
    },
    {
      path: 'binds',
      group: 'speed',
      input: 'rows',
      columns: [
        { name: 'type', input: 'choice', choices: ['transceiver', 'transmitter', 'receiver'], wide: true },
        { name: 'count', input: 'number' },
      ],
    },
    { path: 'segments_per_second', group: 'speed', input: 'number' },
    { path: 'window', group: 'speed', input: 'number' },
    { path: 'response_timeout_seconds', group: 'speed', advanced, input: 'number' },
    { path: 'enquire_link_seconds', group: 'speed', advanced, input: 'number' },
    { path: 'bind_pause_seconds', group: 'speed', advanced, input: 'number' },
    { path: 'long_messages', group: 'text', input: 'choice', choices: ['udh', 'sar', 'payload'] },
    { path: 'data_coding_0.out', group: 'text', advanced, input: 'choice', choices: alphabets },
    { path: 'data_coding_0.in', group: 'text', advanced, input: 'choice', choices: alphabets },
    { path: 'service_type', group: 'text', advanced, input: 'text' },
    {
      path: 'validity',
      group: 'text',
      advanced,
      input: 'choice',
      choices: ['relative', 'absolute', 'none'],
    },
    { path: 'id_base.text', group: 'receipts', advanced, input: 'choice', choices: idBases },
    { path: 'id_base.tlv', group: 'receipts', advanced, input: 'choice', choices: idBases },
    { path: 'receipts.parts', group: 'receipts', advanced, input: 'choice', choices: ['each', 'one'] },
    { path: 'receipts.zone', group: 'receipts', advanced, input: 'text' },
    { path: 'receipts.unmarked', group: 'receipts', advanced, input: 'switch' },
    { path: 'query_sm', group: 'receipts', advanced, input: 'switch' },
    { path: 'cancel_sm', group: 'receipts', advanced, input: 'switch' },
    { path: 'source_addresses', group: 'addresses', advanced, input: 'rows', columns: outColumns },
    { path: 'destination_addresses', group: 'addresses', advanced, input: 'rows', columns: outColumns },
    {
      path: 'inbound_addresses',
      group: 'addresses',
      advanced,
      input: 'rows',
      columns: outColumns.filter(({ name }) => name !== 'npi'),
    },
    { path: 'errors', group: 'errors', advanced, input: 'pairs' },
  ],
  http: [
    { path: 'segments_per_second', group: 'speed', input: 'number' },
    { path: 'concurrency', group: 'speed', input: 'number' },
    { path: 'timeout_seconds', group: 'speed', advanced, input: 'number' },
    { path: 'errors', group: 'errors', advanced, input: 'pairs' },
  ],
}

export const groups: readonly Group[] = ['reach', 'speed', 'text', 'receipts', 'addresses', 'errors']
export const kinds = Object.keys(fields)

/** Of a kind that has them by fixed names; the others take any name. */
export const secretNames: Record<string, readonly string[]> = { smpp: ['password'] }
