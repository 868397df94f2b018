import type { Talk } from '../api/inbox.ts'
import { showNumber } from '../format/phone.ts'

/** How people call somebody: by name, else by number. */
export const whoIs = ({ person, address }: Pick<Talk, 'person' | 'address'>): string =>
  person.name || showNumber(address)
