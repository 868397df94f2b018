import assert from 'node:assert/strict'
import { type CommandName, decodePdu, encodePdu, type PduOf, parseReceipt } from '@kurzpost/smpp'
import { answer } from '../worker.ts'
import { messageId, submitFields } from './message.ts'
import { type NpmPdu, npmSmpp } from './npm.ts'

/** Encoding and decoding without a socket, a process of its own. */

export interface CodecOrder {
  /** Rounds of each row and side, alternating. */
  readonly rounds: number
  /** Milliseconds of a round. */
  readonly roundMs: number
}

/** Nanoseconds a PDU, medians. */
export interface CodecResult {
  readonly name: string
  readonly ours: number
  readonly npm: number
}

interface Row {
  readonly name: string
  /** Each does the work once, with a number that differs from call to call, and gives something of what it made. */
  readonly ours: (turn: number) => number
  readonly npm: (turn: number) => number
}

const receiptText =
  `id:${messageId} sub:001 dlvrd:001 submit date:2611220331 done date:2611220332 stat:DELIVRD err:000 ` +
  'text:Your parcel is on it'
const receiptFields = {
  source_addr_ton: 1,
  source_addr_npi: 1,
  source_addr: '491701234567',
  dest_addr_ton: 5,
  destination_addr: 'Kurzpost',
  esm_class: 4,
  short_message: Buffer.from(receiptText, 'latin1'),
}
const submit = encodePdu({ command: 'submit_sm', sequence: 7, ...submitFields() })
const answered = encodePdu({ command: 'submit_sm_resp', sequence: 7, message_id: messageId })
const receipt = encodePdu({ command: 'deliver_sm', sequence: 7, ...receiptFields })

function decodeOurs<C extends CommandName>(octets: Buffer, command: C): PduOf<C> {
  const decoded = decodePdu(octets)
  assert.ok(decoded.ok && decoded.pdu.command === command)
  return decoded.pdu as PduOf<C>
}
const latin1 = (octets: Uint8Array): string =>
  Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength).toString('latin1')
const decodeNpm = (octets: Buffer): NpmPdu => new npmSmpp.PDU(octets)
const encodeNpm = (command: string, sequence: number, fields: object): Buffer =>
  new npmSmpp.PDU(command, { ...fields, sequence_number: sequence }).toBuffer()
/** What programs write around npm's smpp to read a receipt. */
const readText = (text: string) => ({
  id: /\bid:(\S+)/.exec(text)?.[1],
  state: /\bstat:(\S+)/.exec(text)?.[1],
})

const rows: readonly Row[] = [
  {
    name: 'submit_sm, 140 octets: encode',
    ours: (turn) => encodePdu({ command: 'submit_sm', sequence: turn, ...submitFields() }).length,
    npm: (turn) => encodeNpm('submit_sm', turn, submitFields()).length,
  },
  {
    name: 'submit_sm, 140 octets: decode',
    ours: () => decodeOurs(submit, 'submit_sm').short_message.length,
    npm: () => decodeNpm(submit).short_message.message.length,
  },
  {
    name: 'submit_sm_resp: encode',
    ours: (turn) => encodePdu({ command: 'submit_sm_resp', sequence: turn, message_id: messageId }).length,
    npm: (turn) => encodeNpm('submit_sm_resp', turn, { message_id: messageId }).length,
  },
  {
    name: 'submit_sm_resp: decode',
    ours: () => decodeOurs(answered, 'submit_sm_resp').message_id.length,
    npm: () => decodeNpm(answered).message_id.length,
  },
  {
    name: 'receipt: decode, with its text',
    ours: () => latin1(decodeOurs(receipt, 'deliver_sm').short_message).length,
    npm: () => decodeNpm(receipt).short_message.message.length,
  },
  {
    name: 'receipt: decode, id and state',
    ours: () => {
      const { id, state } = parseReceipt(decodeOurs(receipt, 'deliver_sm'))!
      return id.length + state.length
    },
    npm: () => {
      const { id, state } = readText(decodeNpm(receipt).short_message.message as string)
      return id!.length + state!.length
    },
  },
]

/** Both make the same octets and read the same out of them, or there is nothing to compare. */
function checkSame(): void {
  assert.deepEqual(encodeNpm('submit_sm', 7, submitFields()), submit)
  assert.deepEqual(encodeNpm('submit_sm_resp', 7, { message_id: messageId }), answered)
  assert.deepEqual(encodeNpm('deliver_sm', 7, receiptFields), receipt)
  const theirs = decodeNpm(submit) as unknown as Record<string, unknown>
  for (const [name, value] of Object.entries(decodeOurs(submit, 'submit_sm'))) {
    if (name === 'short_message') assert.deepEqual((theirs[name] as { message: unknown }).message, value)
    else if (name in submitFields()) assert.deepEqual(theirs[name], value, name)
  }
  assert.equal(decodeNpm(answered).message_id, messageId)
  assert.equal(decodeNpm(receipt).short_message.message, receiptText)
  const read = parseReceipt(decodeOurs(receipt, 'deliver_sm'))!
  assert.deepEqual([read.id, read.state], [messageId, 'delivered'])
}

/** What was made is added up here, so that none of the work can be left out. */
let sum = 0

function work(once: (turn: number) => number, turns: number): number {
  const before = performance.now()
  for (let turn = 1; turn <= turns; turn++) sum += once(turn)
  return performance.now() - before
}

/** Turns that take about so long. */
function turnsFor(once: (turn: number) => number, ms: number): number {
  let turns = 100
  for (;;) {
    const took = work(once, turns)
    if (took > ms / 4) return Math.max(1, Math.round((turns * ms) / took))
    turns *= 2
  }
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!

answer({
  run({ rounds, roundMs }: CodecOrder): CodecResult[] {
    checkSame()
    // All rows once, so that the code is not compiled for a single kind of PDU, which it is not in a program either.
    for (const { ours, npm } of rows) for (const once of [ours, npm]) turnsFor(once, roundMs)
    const results = rows.map(({ name, ours, npm }) => {
      const turns = { ours: turnsFor(ours, roundMs), npm: turnsFor(npm, roundMs) }
      const nanos = { ours: [] as number[], npm: [] as number[] }
      for (let round = 0; round < rounds; round++) {
        nanos.ours.push((work(ours, turns.ours) / turns.ours) * 1e6)
        nanos.npm.push((work(npm, turns.npm) / turns.npm) * 1e6)
      }
      return { name, ours: median(nanos.ours), npm: median(nanos.npm) }
    })
    if (!(sum > 0)) throw new Error('Nothing was made.')
    return results
  },
})
