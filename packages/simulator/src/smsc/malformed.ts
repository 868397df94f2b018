import type { Fault, Spoils } from './fault.ts'
import { idOf } from './frames.ts'
import { wrongPdus } from './wrong-pdus.ts'
import { wrongTalk } from './wrong-talk.ts'

/** Groups of facts about interoperability, and the ways in which an SMSC can be wrong in each. Group 11 is the ESME's. */
const malformed: Readonly<Record<string, readonly Fault[]>> = { ...wrongPdus, ...wrongTalk }

export type FaultGroup = `${keyof typeof wrongPdus | keyof typeof wrongTalk}`
export const faultGroups = Object.keys(malformed) as readonly FaultGroup[]

export const faultsOf = (group: FaultGroup): readonly Fault[] => malformed[group]!

const answers: ReadonlyMap<number, Spoils> = new Map<number, Spoils>([
  [0x8000_0004, 'answer'],
  [0x0000_0005, 'request'],
  [0x0000_0103, 'request'],
  [0x8000_0001, 'bind'],
  [0x8000_0002, 'bind'],
  [0x8000_0009, 'bind'],
  [0x8000_0015, 'enquire'],
  [0x8000_0006, 'unbind'],
])

/** Whether a fault can be done to this PDU. What strays in between waits until the link is bound. */
export function canSpoil({ spoils }: Fault, frame: Buffer): boolean {
  const kind = answers.get(idOf(frame))
  return spoils === 'any' ? kind !== 'bind' : kind === spoils
}
