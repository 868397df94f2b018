import type { BindState, CarrierState, Node } from '../api/operate-types.ts'
import {
  IconCircuitOpen,
  IconDelivered,
  IconDrained,
  IconFailed,
  IconOnWay,
  IconPaused,
  IconWarning,
} from '../icons.ts'
import type { SignLook } from './Sign.tsx'

/** Icons and colours of what is operated; the words are in the catalogues under the same names. */
export const carrierLooks: Record<CarrierState, SignLook> = {
  up: { color: 'delivered', icon: IconDelivered },
  degraded: { color: 'uncertain', icon: IconWarning },
  down: { color: 'failed', icon: IconFailed },
  paused: { color: 'waiting', icon: IconPaused },
  drained: { color: 'cancelled', icon: IconDrained },
}

export const bindLooks: Record<BindState, SignLook> = {
  bound: { color: 'delivered', icon: IconDelivered },
  binding: { color: 'onWay', icon: IconOnWay },
  open: { color: 'uncertain', icon: IconCircuitOpen },
  down: { color: 'failed', icon: IconFailed },
}

export type NodeState = 'alive' | 'draining' | 'silent'
export const nodeState = ({ alive, draining }: Pick<Node, 'alive' | 'draining'>): NodeState =>
  alive ? (draining ? 'draining' : 'alive') : 'silent'

export const nodeLooks: Record<NodeState, SignLook> = {
  alive: { color: 'delivered', icon: IconDelivered },
  draining: { color: 'onWay', icon: IconDrained },
  silent: { color: 'failed', icon: IconFailed },
}

export type LoginState = 'connected' | 'away' | 'off'
export const loginLooks: Record<LoginState, SignLook> = {
  connected: { color: 'delivered', icon: IconDelivered },
  away: { color: 'waiting', icon: IconPaused },
  off: { color: 'cancelled', icon: IconDrained },
}
