import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { encodePdu } from '@kurzpost/smpp'
import { messageId, submitFields } from './message.ts'

/**
 * Both ends of a link with as little as there can be on Node's sockets: PDUs encoded beforehand, cut by command_length,
 * only command_id and sequence_number looked at, one write a read. The peer of whatever is measured, and the limit.
 */

const ids = { submit: 4, unbind: 6, bind: 9, enquire: 0x15 } as const
const answerBit = 0x80000000

const submit = encodePdu({ command: 'submit_sm', ...submitFields() })
const answers: Readonly<Record<number, Buffer>> = {
  [ids.submit]: encodePdu({ command: 'submit_sm_resp', message_id: messageId }),
  [ids.bind]: encodePdu({ command: 'bind_transceiver_resp', system_id: 'raw' }),
  [ids.unbind]: encodePdu({ command: 'unbind_resp' }),
  [ids.enquire]: encodePdu({ command: 'enquire_link_resp' }),
}
const bind = encodePdu({ command: 'bind_transceiver', system_id: 'bench', password: 'bench', sequence: 1 })
const unbind = encodePdu({ command: 'unbind', sequence: 2 })
/** Where the numbers of the submit_sm begin: behind those of bind and unbind. */
const firstSequence = 3

function cut(onFrame: (octets: Buffer, at: number) => void): (chunk: Buffer) => void {
  let rest: Buffer | undefined
  return (chunk) => {
    const octets = rest === undefined ? chunk : Buffer.concat([rest, chunk])
    let at = 0
    while (octets.length - at >= 16) {
      const length = octets.readUInt32BE(at)
      if (octets.length - at < length) break
      onFrame(octets, at)
      at += length
    }
    rest = at < octets.length ? octets.subarray(at) : undefined
  }
}

export async function listenRaw(onAnswer: () => void): Promise<number> {
  const server = createServer((socket) => {
    socket.setNoDelay(true)
    socket.on('error', () => {})
    let slab = Buffer.alloc(0)
    let start = 0
    let end = 0
    const take = cut((octets, at) => {
      const id = octets.readUInt32BE(at + 4)
      const answer = answers[id]
      if (answer === undefined) throw new Error(`raw server: command_id ${id}`)
      if (end + answer.length > slab.length) {
        if (end > start) socket.write(slab.subarray(start, end))
        slab = Buffer.allocUnsafeSlow(64 * 1024)
        start = 0
        end = 0
      }
      slab.set(answer, end)
      octets.copy(slab, end + 12, at + 12, at + 16)
      end += answer.length
      if (id === ids.submit) onAnswer()
    })
    socket.on('data', (chunk: Buffer) => {
      take(chunk)
      if (end > start) socket.write(slab.subarray(start, end))
      start = end
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as { port: number }).port
}

/**
 * Keeps `window` submit_sm unanswered for so many seconds, then unbinds. Gives the number of answers. Rejects on any
 * answer that is refused, out of order, or does not come.
 */
export async function blastRaw(port: number, window: number, seconds: number): Promise<number> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  await once(socket, 'connect')
  const over = once(socket, 'close')
  let failure: Error | undefined
  const fail = (reason: string): void => {
    failure ??= new Error(reason)
    socket.destroy()
  }
  let answered = 0
  let fresh = 0
  let running = true
  let leaving = false
  const blast = blaster(socket, window)
  const take = cut((octets, at) => {
    const id = octets.readUInt32BE(at + 4)
    if (octets.readUInt32BE(at + 8) !== 0) return fail(`command_status ${octets.readUInt32BE(at + 8)}`)
    if (id === answerBit + ids.submit) {
      const sequence = octets.readUInt32BE(at + 12)
      if (sequence !== firstSequence + answered) return fail(`answer ${sequence} is out of order`)
      answered++
      fresh++
    } else if (id === answerBit + ids.bind) {
      fresh = window
      setTimeout(() => {
        running = false
      }, seconds * 1_000)
    } else if (id === answerBit + ids.unbind) socket.end()
    else if (id === ids.enquire) socket.write(answers[ids.enquire]!)
    else fail(`command_id ${id} came`)
  })
  socket.on('error', (error) => fail(error.message))
  socket.on('data', (chunk: Buffer) => {
    take(chunk)
    if (running) blast.send(fresh)
    else if (answered === blast.sent && !leaving) {
      leaving = true
      socket.write(unbind)
    }
    fresh = 0
  })
  socket.write(bind)
  await over
  if (failure) throw failure
  if (answered !== blast.sent) throw new Error(`${blast.sent - answered} submit_sm had no answer`)
  return answered
}

/**
 * One buffer with a slot for each place in the window. Answers come in order, so that the slots of those that have been
 * answered lie together, and the octets of a slot are not needed any more when its turn comes again.
 */
function blaster(socket: Socket, window: number) {
  const slots = Buffer.alloc(submit.length * window)
  for (let slot = 0; slot < window; slot++) slots.set(submit, slot * submit.length)
  let sent = 0
  return {
    get sent() {
      return sent
    },
    send(count: number): void {
      for (let left = count; left > 0; ) {
        const from = sent % window
        const together = Math.min(left, window - from)
        for (let slot = from; slot < from + together; slot++)
          slots.writeUInt32BE(firstSequence + sent++, slot * submit.length + 12)
        socket.write(slots.subarray(from * submit.length, (from + together) * submit.length))
        left -= together
      }
    },
  }
}
