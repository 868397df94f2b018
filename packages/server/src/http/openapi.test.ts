import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, test } from 'node:test'
import { readConfig } from '../config.ts'
import { silentLog } from '../log.ts'
import { serve } from '../main.ts'
import { testDatabase } from '../store/testing.ts'

const { url } = await testDatabase()
const running = await serve(readConfig({ DATABASE_URL: url, KURZPOST_PORT: '0' }), silentLog)
after(() => running.stop())

test('docs/openapi.json is what a server says of itself', async () => {
  const answer = await fetch(new URL('/openapi.json', running.url))
  const page = readFileSync(new URL('../../../../docs/openapi.json', import.meta.url), 'utf8')
  assert.deepEqual(await answer.json(), JSON.parse(page), 'run `npm run generate`')
})

test('every address but those for machines asks for a key', async () => {
  const document = (await (await fetch(new URL('/openapi.json', running.url))).json()) as {
    paths: Record<string, Record<string, unknown>>
  }
  // Providers, and people with a link, have a token in the address in place of a key: without it there is nothing there.
  const byToken = '/v1/carriers/{id}/callback/{token}'
  const open: string[] = []
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const method of Object.keys(methods)) {
      const response = await fetch(new URL(path.replaceAll(/\{\w+\}/g, 'x'), running.url), {
        method: method.toUpperCase(),
      })
      await response.body?.cancel()
      if (path === byToken || path.startsWith('/p/')) assert.equal(response.status, 404, method)
      else if (response.status !== 401) open.push(path)
    }
  }
  // Who signs in or takes a link has no key yet.
  const doors = [
    '/v1/session',
    '/v1/session/passkey/options',
    '/v1/session/passkey',
    '/v1/links/read',
    '/v1/links/take',
  ]
  // Pages for people who have no key and need none; what they may do hangs on what is sent to their phone.
  const pages = open.filter((path) => path.startsWith('/f/'))
  const rest = open.filter((path) => !pages.includes(path))
  assert.deepEqual(rest, ['/healthz', '/readyz', '/metrics', ...doors])
  assert.deepEqual(
    [...new Set(pages)],
    ['/f/style.css', '/f/{slug}', '/f/{slug}/code/{token}', '/f/{slug}/done', '/f/{slug}/preferences'],
  )
})
