import { plainAddress } from '../door/address.ts'
import { SmppError } from '../errors.ts'
import type { CloseReason } from '../session/actions.ts'
import type { Time } from '../time.ts'
import type { Guest } from './door.ts'
import { awaitSocket, openSocket } from './open-socket.ts'
import type { OutbindTarget, ServerSession } from './server-options.ts'

/** What the link to an ESME that was called tells the caller. */
export interface Call {
  readonly target: OutbindTarget
  opened(session: ServerSession): void
  closed(reason: CloseReason, detail: string | undefined): void
}

/**
 * Connects to an ESME and asks it to bind [SMPP 3.4 §2.2.1]. Resolves when it has bound; rejects with SmppError `connect_failed`, or
 * `closed` when it has not bound in time or its bind was refused. `calls` holds what cuts the calls that are under way.
 */
export function callOut(
  target: OutbindTarget,
  options: { time: Time; timeoutMs: number; calls: Set<() => void> },
  serve: (guest: Guest, call: Call) => void,
): Promise<ServerSession> {
  const { time, timeoutMs, calls } = options
  return new Promise((resolve, reject) => {
    const opening = openSocket(target)
    const { socket } = opening
    const giveUp = awaitSocket(
      opening,
      (run) => time.after(timeoutMs, run),
      connected,
      (code) => {
        calls.delete(cutOpening)
        reject(new SmppError('connect_failed', { detail: code }))
      },
    )
    const cutOpening = (): void => {
      giveUp()
      calls.delete(cutOpening)
      reject(new SmppError('closed', { detail: 'the server is closed' }))
    }
    calls.add(cutOpening)

    function connected(): void {
      calls.delete(cutOpening)
      const cut = (): void => void socket.destroy()
      calls.add(cut)
      const guest: Guest = {
        socket,
        address: plainAddress(socket.remoteAddress ?? target.host),
        certificate: undefined,
        bound: () => void calls.delete(cut),
      }
      serve(guest, {
        target,
        opened: resolve,
        closed(reason, detail) {
          calls.delete(cut)
          reject(new SmppError('closed', { detail: detail === undefined ? reason : `${reason}: ${detail}` }))
        },
      })
    }
  })
}
