import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { smppErrors } from './errors.ts'
import { createServer } from './net/server.ts'
import { authority, client as identity, server as serverIdentity } from './testing/door-certificates.ts'

const path = (name: string): string => fileURLToPath(new URL(`../${name}`, import.meta.url))
const readme = readFileSync(path('README.md'), 'utf8')
const run = (name: string, env: Record<string, string>): ChildProcess =>
  spawn(process.execPath, [path(name)], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })

test('the examples of the README are the files in examples/', () => {
  for (const name of readdirSync(path('examples')))
    assert.ok(
      readme.includes(`\`\`\`ts\n${readFileSync(path(`examples/${name}`), 'utf8').trimEnd()}\n\`\`\``),
      `${name} differs`,
    )
})

test('the README has every error with its sentence', () => {
  for (const [code, sentence] of Object.entries(smppErrors))
    assert.ok(readme.includes(`| \`${code}\` | ${sentence} |`), code)
})

test('the README has every option of client and server', () => {
  for (const file of ['client-options', 'server-options', 'limits']) {
    const source = readFileSync(path(`src/net/${file}.ts`), 'utf8')
    for (const [, name, body] of source.matchAll(/interface (\w+Options)[^{]*\{\n(.*?)\n\}/gs)) {
      const members = [...body!.matchAll(/^ {2}(\w+)\??[:(]/gm)].map(([, member]) => member!)
      assert.ok(members.length > 1, `${name}`)
      for (const member of members) assert.ok(new RegExp(`\\b${member}\\b`).test(readme), `${name}.${member}`)
    }
  }
})

for (const [server, client] of [
  ['smsc', 'client'],
  ['smsc', 'loop'],
] as const)
  test(`the examples ${server} and ${client} run: a message is submitted, its receipt comes, the client ends`, async (t) => {
    const smsc = run(`examples/${server}.ts`, { SMPP_PORT: '0' })
    t.after(() => smsc.kill())
    const [listening] = (await once(createInterface(smsc.stdout!), 'line')) as [string]
    const esme = run(`examples/${client}.ts`, { SMPP_PORT: /\d+$/.exec(listening)![0] })
    t.after(() => esme.kill())
    const lines: string[] = []
    for await (const line of createInterface(esme.stdout!)) lines.push(line)
    // In either order: an answer and a receipt that come in one read race each other (facts group 33).
    assert.deepEqual(lines.sort(), ['receipt: delivered', 'submitted: 36 characters of id'])
  })

test('the example server of ten lines has ten lines, and takes a message', async (t) => {
  const source = readFileSync(path('examples/server.ts'), 'utf8').trim().split('\n')
  assert.ok(source.length <= 11, `${source.length} lines`)
  const server = run('examples/server.ts', { SMPP_PORT: '0' })
  t.after(() => server.kill())
  const [listening] = (await once(createInterface(server.stdout!), 'line')) as [string]
  const client = run('examples/client.ts', { SMPP_PORT: /\d+$/.exec(listening)![0] })
  t.after(() => client.kill())
  const [line] = await once(createInterface(client.stdout!), 'line')
  assert.equal(line, 'submitted: 36 characters of id')
})

test('the example tls binds to a server that asks for a certificate', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'smpp-tls-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  }
  const server = await createServer({
    port: 0,
    tls: { ...serverIdentity, ca: authority, requestCert: true },
    onBind: ({ certificate }) => (certificate === undefined ? 0x0e : 0),
  })
  t.after(() => server.close({ graceMs: 1 }))
  const client = run('examples/tls.ts', {
    SMPP_PORT: String(server.port),
    SMPP_CA: file('ca.pem', authority),
    SMPP_CERT: file('client.pem', identity.cert),
    SMPP_KEY: file('client.key', identity.key),
  })
  t.after(() => client.kill())
  const lines: string[] = []
  for await (const line of createInterface(client.stdout!)) lines.push(line)
  assert.deepEqual(lines, ['bound over TLS'])
})
