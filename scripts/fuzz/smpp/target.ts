import type { Random } from '../../random.ts'
import { type Draft, mutateInto } from '../mutate.ts'
import type { Seedling, Target } from '../target.ts'
import { checkCodec } from './codec.ts'
import { commandIds, finishHeader, freshPdu, sequences, statuses } from './generate.ts'
import { checkSession } from './session.ts'
import { checkStream } from './stream.ts'

const draft: Draft = { buffer: Buffer.alloc(70_200), length: 0 }

function mutate(random: Random, base: Seedling, other: Seedling): Buffer {
  mutateInto(draft, random, base, other)
  const { buffer, length } = draft
  if (length >= 16 && random.oneIn(4)) {
    const kind = random.below(3)
    if (kind === 0) buffer.writeUInt32BE(random.pick(commandIds), 4)
    else if (kind === 1) buffer.writeUInt32BE(random.pick(statuses), 8)
    else buffer.writeUInt32BE(random.pick(sequences), 12)
  }
  // Else hardly any mutation would reach the body.
  if (!random.oneIn(16)) finishHeader(buffer, length, random)
  return buffer.subarray(0, length)
}

export const smpp: Target = {
  name: 'smpp',
  unit: 'PDUs',
  covers: ['/packages/smpp/src/pdu/', '/packages/smpp/src/session/'],
  checks: [
    { name: 'codec', share: 64, run: checkCodec },
    { name: 'stream', share: 1, joins: 16, run: checkStream },
    { name: 'session', share: 1, joins: 16, run: checkSession },
  ],
  fresh: freshPdu,
  mutate,
}
