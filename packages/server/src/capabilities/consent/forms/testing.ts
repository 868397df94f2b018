import { after } from 'node:test'
import { findByHashes } from '../../../accounts/holders.ts'
import { createKey } from '../../../accounts/keys.ts'
import { createAuthenticator } from '../../../http/auth.ts'
import { createHttpServer } from '../../../http/server.ts'
import { type Client, client } from '../../../http/testing.ts'
import { silentLog } from '../../../log.ts'
import { createMetrics } from '../../../metrics.ts'
import { scopeNames } from '../../../route.ts'
import { type ConsentBench, consentBench } from '../testing.ts'

/** What a browser without JavaScript sees. */
export interface Seen {
  status: number
  html: string
  headers: Headers
  /** Where it was sent on to, as a path. */
  location: string
}

export interface FormsBench extends ConsentBench {
  ask: Client
  see(path: string, headers?: Record<string, string>): Promise<Seen>
  /** Sends a form as a page of ours does. */
  post(
    path: string,
    fields: Record<string, string | string[]>,
    headers?: Record<string, string>,
  ): Promise<Seen>
  /** Newest last: what would go out. */
  sent(number: string): Promise<{ id: string; sender: string | null; body: string; lane: string }[]>
}

/** The consent capability with its pages behind a real HTTP server. */
export async function formsBench(): Promise<FormsBench> {
  const bench = await consentBench()
  const { db, clock, accountId, capability } = bench
  const authenticator = createAuthenticator((hashes) => findByHashes(db, clock, hashes), clock)
  const server = await createHttpServer({
    config: { host: '127.0.0.1', port: 0, publicUrl: undefined },
    log: silentLog,
    routes: [...capability.routes!],
    authenticator,
    metrics: createMetrics(),
    version: '0.0.0',
  })
  after(() => server.close())
  const { token } = await createKey(db, accountId, { name: 'test', scopes: scopeNames }, clock.now())

  async function request(path: string, init: RequestInit): Promise<Seen> {
    const response = await fetch(new URL(path, server.url), { redirect: 'manual', ...init })
    const location = response.headers.get('location') ?? ''
    return { status: response.status, html: await response.text(), headers: response.headers, location }
  }

  return {
    ...bench,
    ask: client(server.url, token),
    see: (path, headers = {}) => request(path, { headers }),
    post: (path, fields, headers = { 'sec-fetch-site': 'same-origin' }) =>
      request(path, {
        method: 'POST',
        headers,
        body: new URLSearchParams(
          Object.entries(fields).flatMap(([name, value]) => [value].flat().map((each) => [name, each])),
        ),
      }),
    sent: (number) =>
      db.query(
        {
          name: '',
          text: `select id, sender, body, lane from messages where direction = 'outbound' and recipient = $1 order by id`,
        },
        [number],
      ),
  }
}
