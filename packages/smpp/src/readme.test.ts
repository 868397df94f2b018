import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const path = (name: string): string => fileURLToPath(new URL(`../${name}`, import.meta.url))
const run = (name: string, port: string): ChildProcess =>
  spawn(process.execPath, [path(name)], {
    env: { ...process.env, SMPP_PORT: port },
    stdio: ['ignore', 'pipe', 'inherit'],
  })

test('the examples of the README are the files in examples/', () => {
  const readme = readFileSync(path('README.md'), 'utf8')
  for (const name of ['examples/client.ts', 'examples/server.ts'])
    assert.ok(
      readme.includes(`\`\`\`ts\n${readFileSync(path(name), 'utf8').trimEnd()}\n\`\`\``),
      `${name} differs`,
    )
})

test('the examples run: a message is submitted, its receipt comes, the client ends', async (t) => {
  const server = run('examples/server.ts', '0')
  t.after(() => server.kill())
  const [listening] = (await once(createInterface(server.stdout!), 'line')) as [string]
  const client = run('examples/client.ts', /\d+$/.exec(listening)![0])
  t.after(() => client.kill())
  const lines: string[] = []
  for await (const line of createInterface(client.stdout!)) lines.push(line)
  // In either order: an answer and a receipt that come in one read race each other (facts group 33).
  assert.deepEqual(lines.sort(), ['receipt: delivered', 'submitted: 36 characters of id'])
})
