import { messageIdKeys, type Receipt } from '@kurzpost/smpp'
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

/**
 * The ways in which a receipt's ids may name the id of an answer; where the settings pin the base, one for each place. TLV and
 * text may differ (group 32). Some SMSCs answer without an id: a receipt without one must not be taken for
 * theirs, so it has no reading.
 */
export function readingsOf(
  { ids, keysource }: Pick<Receipt, 'ids' | 'keysource'>,
  bases: SmppSettings['id_base'],
): Reading[] {
  return ids.flatMap((id, at) => {
    const place = at === 0 && keysource === 'tlv' ? 'tlv' : 'text'
    return wanted(bases[place]).flatMap((base) => {
      const key = storable(messageIdKeys(id, relations[base])[0]!)
      return key === '' ? [] : [{ name: `${place}:${base}`, key }]
    })
  })
}
