import type { Fault, Spoils } from './fault.ts'
import { idOf } from './frames.ts'
import { wrongPdus } from './wrong-pdus.ts'
import { wrongTalk } from './wrong-talk.ts'

/** Groups of facts about interoperability, and the ways in which an SMSC can be wrong in each. Group 11 is the ESME's. */
const malformed: Readonly<Record<string, readonly Fault[]>> = { ...wrongPdus, ...wrongTalk }

export type FaultGroup = `${keyof typeof wrongPdus | keyof typeof wrongTalk}`
export const faultGroups = Object.keys(malformed) as readonly FaultGroup[]

/** A whole group, or one fault of it: `5.1` is the first of group 5. */
export type FaultName = FaultGroup | `${FaultGroup}.${number}`
export const faultNames = faultGroups.flatMap((group): FaultName[] => [
  group,
  ...malformed[group]!.map((_fault, index): FaultName => `${group}.${index + 1}`),
])

export function faultsOf(name: FaultName): readonly Fault[] {
  const [group = '', nth] = name.split('.')
  const faults = malformed[group]!
  return nth === undefined ? faults : [faults[Number(nth) - 1]!]
}

/** What a PDU is to a fault; most are only `any`. */
type Kind = Exclude<Spoils, 'any'> | 'other'
const kinds: ReadonlyMap<number, Kind> = new Map<number, Kind>([
  [0x8000_0004, 'answer'],
  [0x0000_0005, 'request'],
  [0x0000_0103, 'request'],
  [0x8000_0001, 'bind'],
  [0x8000_0002, 'bind'],
  [0x8000_0009, 'bind'],
  [0x8000_0015, 'enquire'],
  [0x8000_0006, 'unbind'],
])
const allKinds = [...new Set(kinds.values()), 'other'] as const

/** Looked up for each PDU that goes out: made beforehand. */
const byKind = new Map(
  faultNames.map((name) => [
    name,
    new Map(
      allKinds.map((kind) => [
        kind,
        // What strays in between waits until the link is bound.
        faultsOf(name).filter(({ spoils }) => (spoils === 'any' ? kind !== 'bind' : kind === spoils)),
      ]),
    ),
  ]),
)

/** The faults under this name that can be done to this PDU. */
export const faultsFor = (name: FaultName, frame: Buffer): readonly Fault[] =>
  byKind.get(name)!.get(kinds.get(idOf(frame)) ?? 'other')!
