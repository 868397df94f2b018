import { after } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { type SimulatorOptions, startSimulator } from '@kurzpost/simulator'
import { createParser } from 'eventsource-parser'
import { readConfig } from '../config.ts'
import { createLog } from '../log.ts'
import { type Running, serve } from '../main.ts'
import { testDatabase } from '../store/testing.ts'

// biome-ignore lint/suspicious/noExplicitAny: stories look into answers of every shape
type Json = any

/** A settled promise for tests that wait for something to come true: told at each event, never by the clock. */
export interface Story {
  url: string
  key: string
  server: Running
  /** The simulator's HTTP interface. */
  handsets: string
  api(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<{ status: number; body: Json }>
  phone(method: string, path: string, body?: unknown): Promise<Json>
  /** Resolves with the first event that fits, from those that came since the story began. */
  event(name: string, fits?: (data: Json) => boolean): Promise<Json>
  /** All events so far. */
  seen: { type: string; data: Json }[]
  databaseUrl: string
}

export const storyKey = 'kp_story_0123456789abcdef0123456789abcdef'

/** The environment of a server that sends to this simulator: the same for one in this process and one beside it. */
export const storyEnv = (given: { databaseUrl: string; smppPort: number }): Record<string, string> => ({
  DATABASE_URL: given.databaseUrl,
  KURZPOST_PORT: '0',
  KURZPOST_SANDBOX: 'on', // fictitious numbers and webhooks to this machine
  KURZPOST_CARRIER_URL: `smpp://story:story@127.0.0.1:${given.smppPort}`,
  KURZPOST_BOOTSTRAP_KEY: storyKey,
  KURZPOST_LOG: 'silent',
})

/** A whole house for a test file: real PostgreSQL, real SMPP, a simulator, and a listener on the event stream. */
export async function openStory(
  options: { simulator?: SimulatorOptions; env?: Record<string, string> } = {},
): Promise<Story> {
  const { url: databaseUrl } = await testDatabase()
  const simulator = await startSimulator({
    smppPort: 0,
    httpPort: 0,
    receiptDelayMs: 0,
    ...options.simulator,
  })
  const server = await serve(
    readConfig({ ...storyEnv({ databaseUrl, smppPort: simulator.smppPort }), ...options.env }),
    createLog('error'),
  )
  const events = await listen(server.url)
  after(async () => {
    events.stop()
    await server.stop()
    await simulator.close()
  })
  const handsets = `http://127.0.0.1:${simulator.httpPort}`
  return {
    url: server.url,
    key: storyKey,
    server,
    handsets,
    databaseUrl,
    api: (method, path, body, headers) =>
      call(server.url + path, method, body, { authorization: `Bearer ${storyKey}`, ...headers }),
    phone: async (method, path, body) => (await call(handsets + path, method, body)).body,
    event: events.wait,
    seen: events.seen,
  }
}

/** For `PUT /v1/consent-rules`: adverts may go to anybody in Germany at any hour, as before there were such rules. */
export const noRules = {
  kept_elsewhere: 'Nobody reads what is sent in a trial.',
  hours: [
    {
      country: 'DE',
      hours: 'daily 00:00-24:00',
      holidays: 'yes',
      instead: 'Nobody reads what is sent in a trial.',
    },
  ],
}

export async function call(
  url: string,
  method: string,
  body?: unknown,
  headers: Record<string, string> = {},
) {
  const response = await fetch(url, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  return { status: response.status, body: text === '' ? undefined : (JSON.parse(text) as Json) }
}

interface Seen {
  type: string
  data: Json
}

/** Follows /v1/events from its start. */
export async function listen(url: string) {
  const seen: Seen[] = []
  const waiting = new Set<(event: Seen) => void>()
  const abort = new AbortController()
  const response = await fetch(`${url}/v1/events`, {
    headers: { authorization: `Bearer ${storyKey}` },
    signal: abort.signal,
  })
  if (!response.ok || !response.body) throw new Error(`the event stream answered ${response.status}`)
  const parser = createParser({
    onEvent(message) {
      const { type, data } = JSON.parse(message.data)
      const event = { type, data }
      seen.push(event)
      for (const check of waiting) check(event)
    },
  })
  const body = response.body
  void (async () => {
    for await (const chunk of body.pipeThrough(new TextDecoderStream())) parser.feed(chunk)
  })().catch(() => {})

  return {
    seen,
    stop: () => abort.abort(),
    wait(name: string, fits: (data: Json) => boolean = () => true): Promise<Json> {
      const isIt = ({ type, data }: Seen) => type === name && fits(data)
      const already = seen.find(isIt)
      if (already) return Promise.resolve(already.data)
      return new Promise((resolve) => {
        const check = (event: Seen) => {
          if (!isIt(event)) return
          waiting.delete(check)
          resolve(event.data)
        }
        waiting.add(check)
      })
    },
  }
}

/** Asks again and again until the answer is true: for what only the database or the other side can tell. */
export async function eventually(check: () => Promise<boolean>): Promise<void> {
  while (!(await check())) await wait(25)
}
