import type { CommandName } from '../pdu/commands.ts'
import { layoutOf } from '../pdu/layout.ts'
import type { BindType, SessionOptions } from './actions.ts'

/**
 * Whether `sender` may send a command over a session of this type: an ESME that is bound as receiver may not submit, one
 * that is bound as transmitter is not delivered to. [SMPP 3.4 §2.3]
 */
export function maySend(command: string, sender: SessionOptions['role'], bindType: BindType): boolean {
  const needs = layoutOf(command)?.needs
  if (needs === undefined || bindType === 'transceiver') return true
  const direction = needs === 'either' ? (sender === 'client' ? 'transmit' : 'receive') : needs
  return direction === (bindType === 'transmitter' ? 'transmit' : 'receive')
}

const own: ReadonlySet<string> = new Set<CommandName>([
  'bind_receiver',
  'bind_transmitter',
  'bind_transceiver',
  'outbind',
  'unbind',
])

/** PDUs that the session sends itself, each at its time. */
export const isOwn = (command: string): boolean => own.has(command)
