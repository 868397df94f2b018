import type { Random } from '../../random.ts'

/** Delivery reports as text, in every dialect that is known and some that are not. (facts group 37) */

type Part = (random: Random) => string

const digits = (random: Random, length: number): string => {
  let text = ''
  for (let i = 0; i < length; i++) text += random.below(10)
  return text
}
const ids: Part[] = [
  (random) => digits(random, 1 + random.below(24)),
  (random) => random.next().toString(16).padStart(random.below(20), '0'),
  () => '812FC7470000001B',
  () => '1101C1-C9D03D-F000',
  () => '',
  (random) => 'f'.repeat(60 + random.below(10)),
  (random) => `0x${random.next().toString(16)}`,
]
const dates: Part[] = [
  () => '2611220331',
  () => '261122033159',
  () => '20261122033159',
  () => '0000000000',
  () => '',
  () => '9999999999',
]
const states = [
  ...['DELIVRD', 'DELIVERED', 'UNDELIV', 'EXPIRED', 'DELETED', 'ACCEPTD', 'UNKNOWN', 'REJECTD', 'ENROUTE'],
  ...['FAILED', '0', '2', '99', 'D', 'delivrd', '', 'DELIV'],
]
const date: Part = (random) => random.pick(dates)(random)

const fields: readonly (readonly [key: string, value: Part])[] = [
  ['id', (random) => random.pick(ids)(random)],
  ['sub', (random) => digits(random, 3)],
  ['dlvrd', (random) => digits(random, random.below(4))],
  ['submit date', date],
  ['done date', date],
  ['stat', (random) => random.pick(states)],
  ['err', (random) => random.pick(['000', '0', '0000', '21b', ' 0', '', '999'])],
  ['text', () => 'id:1 stat:EXPIRED Hello'],
  ['vendor', (random) => digits(random, 6)],
]
const separators = [' ', ' ', ' ', '  ', ',', ';', '\n', '\t', '']

export function receiptText(random: Random): string {
  const order = fields.filter(() => !random.oneIn(6))
  if (random.oneIn(4)) order.reverse()
  if (random.oneIn(64)) for (let i = random.below(40); i > 0; i--) order.push(random.pick(fields))
  const separator = random.pick(separators)
  const whole = order
    .map(([key, value]) => `${random.oneIn(8) ? key.toUpperCase() : key}:${value(random)}`)
    .join(separator)
  // A message_payload of nothing but this is what a careless expression chokes on.
  return random.oneIn(1_024) ? `${whole}${separator}`.repeat(1 + random.below(300)).slice(0, 60_000) : whole
}
