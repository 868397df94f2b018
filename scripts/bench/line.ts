import { connect, type Socket } from 'node:net'

/** HTTP requests over sockets, and just enough of HTTP for it: what the load takes, the house does not have. */

/** Waiting for one answer longer than this is a failure. */
const answerMs = 30_000

export interface Answer {
  readonly status: number
  readonly text: string
}

export interface Lines {
  /** Sends on a connection that is free, or as soon as one is. */
  post(path: string, headers: string, body: string): Promise<Answer>
  close(): void
}

interface Line {
  readonly socket: Socket
  open: { resolve: (answer: Answer) => void; reject: (error: Error) => void; since: number } | undefined
}

/** `count` connections to an http address, each with one request at a time. */
export async function openLines(url: string, count: number): Promise<Lines> {
  const { hostname, port } = new URL(url)
  const free: Line[] = []
  const all: Line[] = []
  const waiting: ((line: Line) => void)[] = []

  function release(line: Line): void {
    const next = waiting.shift()
    if (next) next(line)
    else free.push(line)
  }

  function open(): Promise<void> {
    const socket = connect({ host: hostname, port: Number(port), noDelay: true })
    const line: Line = { socket, open: undefined }
    let kept = ''
    socket.setEncoding('utf8')
    socket.on('data', (chunk: string) => {
      kept += chunk
      const headEnds = kept.indexOf('\r\n\r\n')
      if (headEnds < 0) return
      const length = /\r\ncontent-length: *(\d+)/i.exec(kept)?.[1]
      const text = kept.slice(headEnds + 4)
      if (length === undefined || Buffer.byteLength(text) < Number(length)) return
      const { open } = line
      const status = Number(kept.slice(9, 12))
      kept = ''
      line.open = undefined
      release(line)
      open?.resolve({ status, text })
    })
    const fail = (error: Error): void => line.open?.reject(error)
    socket.on('error', fail)
    socket.on('close', () => fail(new Error('the connection was closed')))
    all.push(line)
    return new Promise((resolve, reject) => {
      socket.once('error', reject)
      socket.once('connect', () => {
        socket.off('error', reject)
        free.push(line)
        resolve()
      })
    })
  }

  await Promise.all(Array.from({ length: count }, open))
  const impatience = setInterval(() => {
    const now = performance.now()
    for (const { open, socket } of all) {
      if (open && now - open.since > answerMs) socket.destroy(new Error('no answer within 30 s'))
    }
  }, 1_000)

  return {
    post(path, headers, body) {
      return new Promise((resolve, reject) => {
        const send = (line: Line): void => {
          line.open = { resolve, reject, since: performance.now() }
          const length = Buffer.byteLength(body)
          line.socket.write(
            `POST ${path} HTTP/1.1\r\nhost: ${hostname}:${port}\r\n${headers}content-length: ${length}\r\n\r\n${body}`,
          )
        }
        const line = free.pop()
        if (line) send(line)
        else waiting.push(send)
      })
    },
    close() {
      clearInterval(impatience)
      for (const { socket } of all) {
        socket.removeAllListeners('close')
        socket.destroy()
      }
    },
  }
}
