import { createHash } from 'node:crypto'
import { messageIdKey, messageIdKeys, type Receipt } from '@kurzpost/smpp'
import type { Reading } from '../carrier.ts'
import type { IdBaseSetting, SmppSettings } from './settings.ts'
import { storable } from './storable.ts'

/** Settings and readings write bases with underscores, as all words of the API. */
const relations = {
  same: 'same',
  hex_to_decimal: 'hex-to-decimal',
  decimal_to_hex: 'decimal-to-hex',
} as const

const wanted = (base: IdBaseSetting): readonly (keyof typeof relations)[] =>
  base === 'auto' ? ['same', 'hex_to_decimal', 'decimal_to_hex'] : [base]

/** Of an id, as it is kept; the specification allows 64 characters. */
export const longestId = 200

/** An index of PostgreSQL takes no more than 2,700 octets, and a PDU 64 Ki: one such id must not keep the others. */
const indexable = (key: string): string =>
  key.length <= longestId ? key : `sha256 ${createHash('sha256').update(key).digest('base64url')}`

/** The key of a submission by the id of its answer. */
export const answerKey = (id: string): string => indexable(messageIdKey(id))

/** The key of a submission that receipts name by user_message_reference: 16 bits, so the recipient decides beside it. */
export const referenceKey = (reference: number): string => `reference ${reference}`

/**
 * The ways in which a receipt's ids may name the id of an answer; where the settings pin the base, one for each place. TLV and
 * text may differ (group 32). Some SMSCs answer without an id: a receipt without one must not be taken for
 * theirs, so it has no reading.
 */
export function readingsOf(
  { ids, keysource, reference }: Pick<Receipt, 'ids' | 'keysource' | 'reference'>,
  { id_base: bases, receipts }: Pick<SmppSettings, 'id_base' | 'receipts'>,
): Reading[] {
  if (receipts.named_by === 'reference')
    return reference === undefined ? [] : [{ name: 'reference:same', key: referenceKey(reference) }]
  return ids.flatMap((id, at) => {
    const place = at === 0 && keysource === 'tlv' ? 'tlv' : 'text'
    return wanted(bases[place]).flatMap((base) => {
      const key = indexable(storable(messageIdKeys(id, relations[base])[0]!))
      return key === '' ? [] : [{ name: `${place}:${base}`, key }]
    })
  })
}
