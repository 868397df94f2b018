import { createClient } from '@kurzpost/smpp'
import { messageId, submitFields } from './message.ts'
import { npmSmpp } from './npm.ts'
import { blastRaw } from './raw.ts'

/** Binds, keeps `window` submit_sm unanswered for so many seconds, unbinds; gives the number of good answers. */
export type Client = (port: number, window: number, seconds: number) => Promise<number>

export const clients: Readonly<Record<'ours' | 'npm' | 'raw', Client>> = {
  /** As a program uses it: `window` loops, each awaits its answer. */
  async ours(port, window, seconds) {
    const bound = Promise.withResolvers<void>()
    const client = createClient({
      host: '127.0.0.1',
      port,
      systemId: 'bench',
      password: 'bench',
      window,
      reconnect: false,
      onState(state) {
        if (state === 'bound') bound.resolve()
        if (state === 'closed') bound.reject(new Error('The link was closed.'))
      },
    })
    client.start()
    await bound.promise
    const clock = stopAfter(seconds)
    let answered = 0
    const loop = async (): Promise<void> => {
      while (clock.running) {
        const answer = await client.submit(submitFields())
        check(answer.status, answer.message_id)
        answered++
      }
    }
    await Promise.all(Array.from({ length: window }, loop))
    await client.close()
    return answered
  },

  /** By its callbacks, with no promise around them: the fastest way that it has. */
  async npm(port, window, seconds) {
    const bound = Promise.withResolvers<void>()
    const session = npmSmpp.connect({ host: '127.0.0.1', port }, () =>
      session.bind_transceiver({ system_id: 'bench', password: 'bench' }, () => bound.resolve()),
    )
    await bound.promise
    const clock = stopAfter(seconds)
    let answered = 0
    let open = window
    const over = Promise.withResolvers<void>()
    const send = (): void =>
      session.submit_sm(submitFields(), (pdu) => {
        try {
          check(pdu.command_status, pdu.message_id)
        } catch (error) {
          over.reject(error)
          return
        }
        answered++
        if (clock.running) send()
        else if (--open === 0) over.resolve()
      })
    for (let i = 0; i < window; i++) send()
    await over.promise
    await new Promise<void>((resolve) => session.unbind(() => resolve()))
    session.close()
    return answered
  },

  raw: blastRaw,
}

function stopAfter(seconds: number): { running: boolean } {
  const clock = { running: true }
  setTimeout(() => {
    clock.running = false
  }, seconds * 1_000)
  return clock
}

function check(status: number, id: string): void {
  if (status !== 0) throw new Error(`A submit_sm was answered with command_status ${status}.`)
  if (id !== messageId) throw new Error(`A submit_sm was answered with message_id ${id}.`)
}
