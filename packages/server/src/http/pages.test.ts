import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { createMetrics } from '../metrics.ts'
import { healthRoutes } from './native/health.ts'
import { messageRoutes } from './native/messages.ts'
import { testApi } from './testing.ts'

const dir = mkdtempSync(join(tmpdir(), 'kurzpost-console-'))
after(() => rmSync(dir, { recursive: true }))
mkdirSync(join(dir, 'assets'))
writeFileSync(
  join(dir, 'index.html'),
  '<meta name="csp-nonce" content="__CSP_NONCE__"><title>Console</title>',
)
writeFileSync(join(dir, 'assets', 'app-1a2b.js'), 'export {}')

const metrics = createMetrics()
const checks: Record<string, string> = { database: 'ok' }
const { as } = await testApi(
  ({ core }) => [
    ...messageRoutes(core, (bytes) => ({ hex: bytes.toString('hex'), decoded: null })),
    ...healthRoutes(async () => checks, metrics),
  ],
  { consoleDir: dir, metrics },
)
const visit = as(undefined)
const page = (path: string) => visit('GET', path, undefined, { accept: 'text/html' })

test('the document is OpenAPI 3.1 and every reference in it leads somewhere', async () => {
  const { body } = await visit('GET', '/openapi.json')
  assert.equal(body.openapi, '3.1.0')
  assert.deepEqual(Object.keys(body.paths['/v1/messages']), ['post', 'get'])
  const references = [...JSON.stringify(body).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)]
  assert.ok(references.length > 5)
  for (const [, name] of references) assert.ok(body.components.schemas[name!], String(name))
})

test('the pages of the docs run nothing and load nothing from elsewhere', async () => {
  for (const path of ['/docs', '/docs/errors', '/docs/events']) {
    const { status, body, headers } = await page(path)
    assert.equal(status, 200)
    assert.match(headers.get('content-security-policy')!, /default-src 'none'.*style-src 'self'/)
    assert.doesNotMatch(headers.get('content-security-policy')!, /unsafe|script-src|http/)
    assert.doesNotMatch(body, /<script|style="|onclick|(src|href)="http/)
  }
  assert.match((await visit('GET', '/docs/style.css')).headers.get('content-type')!, /^text\/css/)
})

test('the link of every error leads to its place', async () => {
  const { body } = await visit('GET', '/v1/nothing')
  const [path, anchor] = body.error.docs.split('#')
  assert.ok((await page(path)).body.includes(`id="${anchor}"`))
})

test('the console answers at every address of its own, with a nonce that is new each time', async () => {
  const nonces = new Set()
  for (const path of ['/', '/messages', '/messages/msg_x?state=queued']) {
    const { status, body, headers } = await page(path)
    assert.equal(status, 200)
    const nonce = body.match(/content="([^"]+)"/)[1]
    nonces.add(nonce)
    const policy = headers.get('content-security-policy')!
    assert.ok(policy.includes(`style-src 'self' 'nonce-${nonce}'`), policy)
    assert.ok(policy.includes("script-src 'self';"))
    assert.equal(headers.get('x-frame-options'), 'DENY')
  }
  assert.equal(nonces.size, 3)
})

test('files of the console are kept for good, and what is none is not found', async () => {
  const { status, headers } = await visit('GET', '/assets/app-1a2b.js')
  assert.equal(status, 200)
  assert.equal(headers.get('cache-control'), 'public, max-age=31536000, immutable')
  for (const path of ['/assets/gone.js', '/v1/nothing', '/..%2f..%2fetc/passwd.txt', '/index.htm.x']) {
    const answer = await page(path)
    assert.equal(answer.status, 404, path)
    assert.equal(answer.body.error.code, 'not_found')
  }
})

test('the server is alive, ready when its checks say so, and else says what is wrong', async () => {
  assert.equal((await visit('GET', '/healthz')).status, 200)
  assert.equal((await visit('HEAD', '/healthz')).status, 200)
  assert.deepEqual((await visit('GET', '/readyz')).body, { status: 'ready', checks: { database: 'ok' } })
  checks.database = 'The database does not answer.'
  const { status, body } = await visit('GET', '/readyz')
  assert.equal(status, 503)
  assert.equal(body.checks.database, 'The database does not answer.')
})

test('metrics count requests by route and never by address', async () => {
  await visit('GET', '/v1/messages/msg_secret')
  const { body, headers } = await visit('GET', '/metrics')
  assert.match(headers.get('content-type')!, /^text\/plain/)
  assert.match(
    body,
    /kurzpost_http_request_seconds_count\{method="GET",route="\/v1\/messages\/:id",status="401"\} 1/,
  )
  assert.doesNotMatch(body, /secret/)
})
