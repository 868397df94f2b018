import type { State } from '../api/types.ts'
import {
  IconCancelled,
  IconDelivered,
  IconFailed,
  IconOnWay,
  IconReceived,
  IconRefused,
  IconUncertain,
  IconWaiting,
} from '../icons.ts'

/** The few states that people see: a word (`strings.states`), an icon and a colour (`--kp-state-…`), always together. */
export const looks = {
  waiting: IconWaiting,
  onWay: IconOnWay,
  delivered: IconDelivered,
  failed: IconFailed,
  uncertain: IconUncertain,
  refused: IconRefused,
  received: IconReceived,
  cancelled: IconCancelled,
} as const
export type Look = keyof typeof looks

export const lookOf: Record<State, Look> = {
  accepted: 'waiting',
  scheduled: 'waiting',
  queued: 'waiting',
  on_wire: 'onWay',
  submitted: 'onWay',
  delivered: 'delivered',
  undelivered: 'failed',
  expired: 'failed',
  rejected: 'refused',
  uncertain: 'uncertain',
  cancelled: 'cancelled',
  received: 'received',
}

/** The six that a list can be filtered by. */
export const filterLooks = [
  'waiting',
  'onWay',
  'delivered',
  'failed',
  'uncertain',
  'refused',
] as const satisfies Look[]

export const statesOf = (look: Look): State[] =>
  (Object.keys(lookOf) as State[]).filter((state) => lookOf[state] === look)

const usualPath: State[] = ['accepted', 'queued', 'on_wire', 'submitted', 'delivered']

/** The steps that are still to come when all goes well; none once the outcome is known. */
export function stepsAhead(state: State): State[] {
  const from: State = state === 'scheduled' ? 'accepted' : state === 'uncertain' ? 'on_wire' : state
  const at = usualPath.indexOf(from)
  return at < 0 ? [] : usualPath.slice(at + 1)
}

export const isCancellable = (state: State): boolean => state === 'scheduled' || state === 'queued'
export const isFailure = (state: State): boolean =>
  ['failed', 'refused', 'uncertain', 'cancelled'].includes(lookOf[state])
