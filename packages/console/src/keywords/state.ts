import type { Service } from '../api/keywords.ts'
import { IconCancelled, IconDelivered, IconFailed, IconUncertain } from '../icons.ts'

export type ServiceState = 'on' | 'off' | 'warned' | 'troubled'

/** How a service does, in a word. */
export function stateOf({ enabled, warnings, state }: Service): ServiceState {
  if (!enabled) return 'off'
  if (state && state.failures > 0) return 'troubled'
  return warnings.length > 0 ? 'warned' : 'on'
}

export const stateLooks = {
  on: { color: 'delivered', icon: IconDelivered },
  off: { color: 'cancelled', icon: IconCancelled },
  warned: { color: 'uncertain', icon: IconUncertain },
  troubled: { color: 'failed', icon: IconFailed },
} as const
