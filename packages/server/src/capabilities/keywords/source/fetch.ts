import { Agent } from 'undici'
import { type Guard, guardedConnector } from '../../../egress.ts'
import type { SourceAnswer, SourceProblem } from './read.ts'
import type { SourceRequest } from './request.ts'

export interface Fetched {
  readonly answer?: SourceAnswer
  readonly problem?: SourceProblem
  readonly ms: number
}

/** Asks a source. Never rejects, never follows a redirect. */
export type Fetch = (request: SourceRequest, timeoutMs: number) => Promise<Fetched>

const connectTimeoutMs = 5_000
const connectionsPerHost = 8
/** A text message is made of it: who sends more does not mean us. */
const mostBytes = 256 * 1024

const problems: Readonly<Record<string, SourceProblem>> = {
  timeout: { code: 'timeout', sentence: 'The source did not answer in time.' },
  too_large: { code: 'too_large', sentence: 'The answer of the source is larger than 256 KiB.' },
  ECONNREFUSED: { code: 'connection_refused', sentence: 'Nothing listens at the address of the source.' },
  ENOTFOUND: { code: 'host_unknown', sentence: 'The host name of the source does not exist.' },
  EAI_AGAIN: { code: 'host_unknown', sentence: 'The host name of the source could not be resolved.' },
  ERR_NOT_PUBLIC: {
    code: 'address_not_allowed',
    sentence: 'The host name of the source does not lead to a public address.',
  },
  UND_ERR_CONNECT_TIMEOUT: { code: 'timeout', sentence: 'The source could not be reached in time.' },
  UND_ERR_SOCKET: { code: 'closed', sentence: 'The source hung up before it had answered.' },
  ECONNRESET: { code: 'closed', sentence: 'The source hung up before it had answered.' },
}
const other: SourceProblem = { code: 'unreachable', sentence: 'The request to the source failed.' }

export function createFetch(guard: Guard): { fetch: Fetch; close(): Promise<void> } {
  let agent: Agent | undefined
  const connected = () =>
    (agent ??= new Agent({
      connect: guardedConnector(guard, connectTimeoutMs),
      connections: connectionsPerHost,
    }))

  async function ask(
    { url, method, headers, body }: SourceRequest,
    timeoutMs: number,
  ): Promise<SourceAnswer> {
    const { origin, pathname, search } = new URL(url)
    const {
      statusCode,
      headers: fields,
      body: stream,
    } = await connected().request({
      ...{ origin, path: pathname + search, method, headers: { ...headers }, body },
      ...{ signal: AbortSignal.timeout(timeoutMs), headersTimeout: timeoutMs, bodyTimeout: timeoutMs },
    })
    const chunks: Buffer[] = []
    let size = 0
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      size += chunk.length
      if (size > mostBytes) {
        stream.destroy()
        throw Object.assign(new Error('too large'), { code: 'too_large' })
      }
      chunks.push(chunk)
    }
    const type = fields['content-type']
    return {
      status: statusCode,
      type: (Array.isArray(type) ? type[0] : type) ?? '',
      body: Buffer.concat(chunks).toString('utf8'),
    }
  }

  return {
    async fetch(request, timeoutMs) {
      const since = performance.now()
      const ms = () => Math.round(performance.now() - since)
      try {
        return { answer: await ask(request, timeoutMs), ms: ms() }
      } catch (error) {
        return { problem: problemOf(error as Error & { code?: string; errors?: Error[] }), ms: ms() }
      }
    },
    close: async () => agent?.destroy(),
  }
}

function problemOf(error: Error & { code?: string; errors?: Error[] }): SourceProblem {
  if (/^(Timeout|Abort)Error$/.test(error.name) || /^UND_ERR_(HEADERS|BODY)_TIMEOUT$/.test(error.code ?? ''))
    return problems.timeout!
  const code = error.code ?? (error.errors?.[0] as { code?: string } | undefined)?.code
  return problems[code ?? ''] ?? other
}
