import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { SmppError } from '../errors.ts'
import { createClient } from '../net/client.ts'
import type { ClientOptions, ClientState, StateDetail } from '../net/client-options.ts'
import type { Note } from '../net/link-options.ts'
import { createManualTime } from './manual-time.ts'
import { journal, listenPeer } from './peer.ts'

/** A client and an SMSC by hand, on a clock that stands still. */
export async function setUpClient(t: TestContext, options: Partial<ClientOptions> = {}) {
  const smsc = await listenPeer()
  const time = createManualTime()
  const states = journal<{ state: ClientState; detail: StateDetail }>()
  const notes = journal<Note>()
  const client = createClient({
    host: '127.0.0.1',
    port: smsc.port,
    systemId: 'post',
    password: 'secret',
    reconnect: { minMs: 1_000, maxMs: 60_000 },
    time,
    random: () => 0.5,
    onState: (state, detail) => states.add({ state, detail }),
    onLog: notes.add,
    ...options,
  })
  t.after(() => {
    client.destroy()
    smsc.close()
  })
  const become = (state: ClientState) => states.next((entry) => entry.state === state)
  const bind = async () => {
    const bound = become('bound')
    const peer = await smsc.next()
    await peer.letIn()
    await bound
    return peer
  }
  const start = () => {
    client.start()
    return bind()
  }
  return { smsc, time, states, notes, client, become, bind, start }
}

/** The SmppError of a promise that must be rejected with one. */
export const rejection = (promise: Promise<unknown>): Promise<SmppError> =>
  promise.then(
    () => assert.fail('it should have been rejected'),
    (error) => {
      assert.ok(error instanceof SmppError, String(error))
      return error
    },
  )
