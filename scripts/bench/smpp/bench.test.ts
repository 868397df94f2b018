import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { createServer, type ServerOptions } from '@kurzpost/smpp'
import { blastRaw } from './raw.ts'

const main = fileURLToPath(new URL('../main.ts', import.meta.url))
const run = promisify(execFile)

test('the SMPP bench measures every codec row and both ends of the link, beside npm smpp', async () => {
  const { stdout } = await run(process.execPath, [
    ...[main, 'smpp', '--seconds', '0.1', '--runs', '1', '--windows', '10'],
  ])
  const figures = (label: string): number[] => {
    const line = stdout.split('\n').find((one) => one.startsWith(label))
    return [...(line ?? '').slice(label.length).matchAll(/[\d,.]+/g)].map(([text]) =>
      Number(text.replaceAll(',', '')),
    )
  }
  for (const row of [
    'submit_sm, 140 octets: encode',
    'submit_sm_resp: decode',
    'receipt: decode, id and state',
  ])
    assert.ok(figures(row).length === 3 && figures(row).every((figure) => figure > 0), stdout)
  for (const row of ['client, window 10', 'server, window 10'])
    assert.ok(figures(row).length === 9 && figures(row).every((figure) => figure > 0), stdout)
})

const listen = (onRequest: ServerOptions['onRequest']) =>
  createServer({ port: 0, onBind: () => 0, onRequest })

test('a run in which a request is refused fails', async () => {
  const server = await listen(() => ({ status: 8 }))
  await assert.rejects(blastRaw(server.port, 3, 0.01), /command_status 8/)
  await server.close()
})

test('a run in which requests stay without answers fails', async () => {
  const server = await listen((session) => {
    session.destroy()
    return new Promise(() => {})
  })
  await assert.rejects(blastRaw(server.port, 3, 0.01), /3 submit_sm had no answer/)
  await server.close()
})
