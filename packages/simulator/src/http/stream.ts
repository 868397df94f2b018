import type { ServerResponse } from 'node:http'
import { type HandsetMessage, messageNumber, type Shelf } from '../handset/shelf.ts'

/** Proxies cut a connection that is silent for long; a comment is the heartbeat that SSE has. */
const HEARTBEAT_MS = 15_000
/** A reader that lets a mebibyte pile up is cut off; it comes back with Last-Event-ID. */
const MAX_UNREAD_BYTES = 1024 * 1024

/** The SSE streams that are open. With nobody listening there is neither a timer nor a listener. */
export interface Streams {
  /** Streams what happens on a handset from now on, and first what came after the message `lastEventId`. */
  open(response: ServerResponse, number: string, lastEventId?: string): void
  closeAll(): void
}

export function createStreams(shelf: Shelf): Streams {
  const open = new Set<ServerResponse>()
  let heartbeat: NodeJS.Timeout | undefined

  const beat = (): void => {
    for (const response of open) response.write(': still here\n\n')
  }

  return {
    open(response, number, lastEventId) {
      response.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
      })
      response.write(': open\n\n')
      const send = (message: HandsetMessage): void => {
        response.write(`id: ${message.id}\nevent: message\ndata: ${JSON.stringify(message)}\n\n`)
        if (response.writableLength > MAX_UNREAD_BYTES) response.destroy()
      }
      const after = messageNumber(lastEventId)
      if (after !== undefined) {
        for (const message of shelf.messages(number, { peek: true })) {
          if (messageNumber(message.id)! > after) send(message)
        }
      }
      const stop = shelf.listen(number, send)
      open.add(response)
      heartbeat ??= setInterval(beat, HEARTBEAT_MS).unref()
      response.on('close', () => {
        stop()
        open.delete(response)
        if (open.size > 0) return
        clearInterval(heartbeat)
        heartbeat = undefined
      })
    },
    closeAll() {
      for (const response of open) response.end()
    },
  }
}
