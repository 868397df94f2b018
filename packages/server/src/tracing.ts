import { AsyncLocalStorage } from 'node:async_hooks'
import { randomBytes } from 'node:crypto'
import type { Config } from './config.ts'
import type { Log } from './log.ts'

/**
 * OpenTelemetry traces over OTLP/HTTP, as JSON. A message's trace has the message's own id, and its first span an id that
 * follows from it: so spans of any process join, now or days later, and nothing is stored for it. Without an endpoint there
 * is no tracer, and nobody asks.
 */
export interface SpanContext {
  /** 32 hex digits. */
  readonly traceId: string
  /** 16 hex digits. */
  readonly spanId: string
}

export interface Span extends SpanContext {
  readonly parentId?: string | undefined
  readonly name: string
  readonly kind: keyof typeof kinds
  /** Milliseconds since 1970. */
  readonly start: number
  readonly end: number
  /** Never a number, a text or a secret. */
  readonly attributes?: Readonly<Record<string, string | number | boolean>>
  readonly failed?: boolean
  readonly link?: SpanContext | undefined
}

export interface Tracer {
  /** Whether a trace that nobody has decided about yet is kept: by its id, so that every process says the same. */
  samples(traceId: string): boolean
  record(span: Span): void
  /** The request that the running code belongs to. */
  readonly current: AsyncLocalStorage<SpanContext>
  /** Sends what is left. */
  close(): Promise<void>
}

const kinds = { internal: 1, server: 2, client: 3, producer: 4, consumer: 5 } as const
const mostWaiting = 4_096
const batch = 512
const everyMs = 1_000
const timeoutMs = 10_000

export const newSpanId = (): string => randomBytes(8).toString('hex')
export const newTraceId = (): string => randomBytes(16).toString('hex')

/** The trace of a message, and its first span; of a bare UUID. Both ends of a UUIDv7 are what the standard asks of ids. */
export function messageTrace(id: string): SpanContext {
  const traceId = id.replaceAll('-', '')
  return { traceId, spanId: traceId.slice(16) }
}

/** [W3C Trace Context §3.2] Undefined for what is none, and for versions that we cannot know. */
export function readTraceparent(
  header: string | undefined,
): (SpanContext & { sampled: boolean }) | undefined {
  const match = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/.exec(header ?? '')
  if (!match || /^0+$/.test(match[1]!) || /^0+$/.test(match[2]!)) return undefined
  return { traceId: match[1]!, spanId: match[2]!, sampled: (Number.parseInt(match[3]!, 16) & 1) === 1 }
}

export const writeTraceparent = ({ traceId, spanId }: SpanContext): string => `00-${traceId}-${spanId}-01`

/** The share of traces that is kept, from 0 to 1. Whether a caller has decided already is looked at first, by its flag. */
function shareOf(sampler: string, argument: string): number {
  if (sampler.endsWith('always_off')) return 0
  if (!sampler.endsWith('traceidratio')) return 1
  const share = argument === '' ? 1 : Number(argument)
  return Number.isNaN(share) ? 1 : Math.min(1, Math.max(0, share))
}

type Settings = Pick<
  Config,
  | 'otelEndpoint'
  | 'otelTracesEndpoint'
  | 'otelHeaders'
  | 'otelService'
  | 'otelResource'
  | 'otelSampler'
  | 'otelSamplerArg'
  | 'otelDisabled'
>

export function startTracer(options: { config: Settings; version: string; log: Log }): Tracer | undefined {
  const { config, version, log } = options
  const base = config.otelEndpoint?.replace(/\/+$/, '')
  const url = config.otelTracesEndpoint ?? (base && `${base}/v1/traces`)
  if (url === undefined || config.otelDisabled) return undefined
  const share = shareOf(config.otelSampler, config.otelSamplerArg)
  const headers = { 'content-type': 'application/json', ...pairs(config.otelHeaders ?? '') }
  const resource = {
    // A name of its own goes before the one among them. [OpenTelemetry, SDK environment variables]
    attributes: attributesOf({
      ...{ 'service.name': 'kurzpost', 'service.version': version },
      ...pairs(config.otelResource),
      ...(config.otelService === undefined ? {} : { 'service.name': config.otelService }),
    }),
  }
  const waiting: Span[] = []
  let lost = 0
  let sending: Promise<void> = Promise.resolve()
  const timer = setInterval(flush, everyMs)
  timer.unref()

  function flush(): void {
    if (waiting.length === 0) return
    const spans = waiting.splice(0, batch)
    sending = sending.then(() => send(spans))
    if (waiting.length > 0) flush()
  }

  async function send(spans: readonly Span[]): Promise<void> {
    const scope = { name: 'kurzpost', version }
    const body = JSON.stringify({
      resourceSpans: [{ resource, scopeSpans: [{ scope, spans: spans.map(encoded) }] }],
    })
    try {
      const signal = AbortSignal.timeout(timeoutMs)
      const response = await fetch(url!, { method: 'POST', headers, body, signal })
      await response.body?.cancel()
      if (!response.ok) throw new Error(`the receiver answered ${response.status}`)
    } catch (error) {
      // Traces are a help and no duty: what does not get there is gone, and the server goes on.
      lost += spans.length
      log.debug({ lost, error: (error as Error).message }, 'traces could not be sent')
    }
  }

  return {
    current: new AsyncLocalStorage(),
    // The last 56 bits, which are chance in every id. [W3C Trace Context 2 §3.2.2.3]
    samples: (traceId) => Number.parseInt(traceId.slice(18), 16) / 2 ** 56 < share,
    record(span) {
      if (waiting.length >= mostWaiting) lost++
      else waiting.push(span)
    },
    async close() {
      clearInterval(timer)
      flush()
      await sending
    },
  }
}

const nanos = (ms: number): string => String(BigInt(Math.round(ms * 1_000)) * 1_000n)

const encoded = (span: Span): object => ({
  traceId: span.traceId,
  spanId: span.spanId,
  ...(span.parentId === undefined ? {} : { parentSpanId: span.parentId }),
  name: span.name,
  kind: kinds[span.kind],
  startTimeUnixNano: nanos(span.start),
  endTimeUnixNano: nanos(Math.max(span.start, span.end)),
  attributes: attributesOf(span.attributes ?? {}),
  ...(span.failed ? { status: { code: 2 } } : {}),
  ...(span.link ? { links: [span.link] } : {}),
})

const attributesOf = (values: Readonly<Record<string, string | number | boolean>>): object[] =>
  Object.entries(values).map(([key, value]) => ({
    key,
    value:
      typeof value === 'string'
        ? { stringValue: value }
        : typeof value === 'boolean'
          ? { boolValue: value }
          : Number.isInteger(value)
            ? { intValue: String(value) }
            : { doubleValue: value },
  }))

/** `name=value,name=value`, percent-encoded. */
const pairs = (text: string): Record<string, string> =>
  Object.fromEntries(
    text
      .split(',')
      .filter((pair) => pair.includes('='))
      .map((pair) => {
        const at = pair.indexOf('=')
        return [pair.slice(0, at).trim(), decoded(pair.slice(at + 1).trim())]
      }),
  )

/** A percent sign that stands for itself is no reason not to start. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
