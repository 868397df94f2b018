import { connect as connectTcp, isIP, type Socket } from 'node:net'
import { type ConnectionOptions, connect as connectTls } from 'node:tls'

export interface Target {
  host: string
  port: number
  tls?: boolean | ConnectionOptions | undefined
}

/** Begins a connection. `opened` names the event that tells that it stands, for TLS with a verified certificate. */
export function openSocket({ host, port, tls }: Target): { socket: Socket; opened: string } {
  if (!tls) return { socket: connectTcp({ host, port }), opened: 'connect' }
  const given = tls === true ? {} : tls
  // Server name indication takes names only.
  const name = isIP(host) === 0 ? { servername: host } : {}
  const socket = connectTls({ host, port, minVersion: 'TLSv1.2', ...name, ...given })
  return { socket, opened: 'secureConnect' }
}

/**
 * Calls back once: when the connection stands, or with the code of what went wrong (ECONNREFUSED, CERT_HAS_EXPIRED, ETIMEDOUT
 * after `timeoutMs`, …). The answer gives up: nothing is called any more.
 */
export function awaitSocket(
  { socket, opened }: { socket: Socket; opened: string },
  after: (run: () => void) => () => void,
  onOpen: () => void,
  onFail: (code: string) => void,
): () => void {
  const cancel = after(() =>
    socket.destroy(Object.assign(new Error('connect timeout'), { code: 'ETIMEDOUT' })),
  )
  const onError = (error: NodeJS.ErrnoException): void => {
    cancel()
    onFail(error.code ?? error.message)
  }
  const onOpened = (): void => {
    cancel()
    socket.off('error', onError)
    onOpen()
  }
  socket.once('error', onError)
  socket.once(opened, onOpened)
  return () => {
    cancel()
    socket.off(opened, onOpened)
    socket.off('error', onError)
    socket.on('error', () => {})
    socket.destroy()
  }
}
