import type { Act, Standing } from '../api/consent.ts'
import { IconCancelled, IconDelivered, IconOnWay, IconRefused, IconWaiting } from '../icons.ts'
import type { SignLook } from '../state/Sign.tsx'

/** Icons and colours of consent; the words are in the catalogue under the same names. */
export const standingLooks: Record<Standing, SignLook> = {
  granted: { color: 'delivered', icon: IconDelivered },
  withdrawn: { color: 'refused', icon: IconRefused },
  none: { color: 'waiting', icon: IconWaiting },
}

export const actLooks: Record<Act, SignLook> = {
  requested: { color: 'onWay', icon: IconOnWay },
  granted: { color: 'delivered', icon: IconDelivered },
  withdrawn: { color: 'refused', icon: IconRefused },
  restored: { color: 'delivered', icon: IconDelivered },
  lapsed: { color: 'waiting', icon: IconWaiting },
  erased: { color: 'cancelled', icon: IconCancelled },
}
