import { type CommandEntry, type CommandName, commands, type ResponseName } from './commands.ts'
import type { Field } from './fields.ts'
import { findTlv, noTlvs, type Tlv, type TlvName } from './tlv.ts'

/** A table entry made ready for the codec. */
export interface Layout {
  readonly name: CommandName
  readonly id: number
  readonly fields: readonly Field[]
  readonly answer: ResponseName | undefined
  readonly bareOnError: boolean
  readonly needs: 'transmit' | 'receive' | 'either' | undefined
  readonly isResponse: boolean
  /** The versions of the protocol that have it. */
  readonly since: number
  readonly until: number
  /** The TLVs without which it says nothing. */
  readonly requires: readonly TlvName[]
  /** Octets that header and mandatory fields take at most, lists not counted. */
  readonly bound: number
  /** The fields that are lists. */
  readonly lists: readonly string[]
  /** The two layouts that nearly all PDUs have, and for which there is a fast path. */
  readonly shape: 'message' | 'id' | 'other'
}

const lists = new Set(['destinations', 'failures', 'strings'])
const layouts = new Map<string, Layout>()
// By the number of the command, requests and answers apart: a look into a list where a Map would hash each id.
const requests: (Layout | undefined)[] = []
const answers: (Layout | undefined)[] = []
const answerBit = 0x80000000
for (const [name, entry] of Object.entries(commands) as [CommandName, CommandEntry][]) {
  const layout: Layout = {
    name,
    id: entry.id,
    fields: entry.fields,
    answer: entry.answer as ResponseName | undefined,
    bareOnError: entry.bareOnError === true,
    needs: entry.needs,
    isResponse: entry.id >= answerBit,
    since: entry.since ?? 0x33,
    until: entry.until ?? 0x50,
    requires: entry.requires ?? [],
    bound: entry.fields.reduce((sum, field) => sum + field.max + 1, 16),
    lists: entry.fields.filter((field) => lists.has(field.type)).map((field) => field.name),
    shape:
      entry.fields === commands.submit_sm.fields
        ? 'message'
        : entry.fields === commands.submit_sm_resp.fields
          ? 'id'
          : 'other',
  }
  layouts.set(name, layout)
  if (layout.isResponse) answers[entry.id - answerBit] = layout
  else requests[entry.id] = layout
}
let recent = layouts.get('submit_sm')!

/** The layout of a command by its name; undefined for a name that is none. */
export function layoutOf(name: string): Layout | undefined {
  if (recent.name === name) return recent // a PDU is asked about more than once on its way out
  const layout = layouts.get(name)
  if (layout !== undefined) recent = layout
  return layout
}

/** The layout of a command by its command_id; undefined for an unknown one. */
export const layoutById = (id: number): Layout | undefined =>
  id < answerBit ? (id < requests.length ? requests[id] : undefined) : answerById(id - answerBit)

const answerById = (number: number): Layout | undefined =>
  number < answers.length ? answers[number] : undefined

/** The TLVs that the PDU needs by the specification and does not have; ESME_RMISSINGTLV (0xC3) answers that. */
export function missingTlvs(pdu: { command: CommandName; tlvs?: readonly Tlv[] | undefined }): TlvName[] {
  const tlvs = pdu.tlvs ?? noTlvs
  return (layoutOf(pdu.command)?.requires ?? []).filter((name) => findTlv(tlvs, name) === undefined)
}
