import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { promisify } from 'node:util'
import { readConfig } from '../packages/server/src/config.ts'
import { silentLog } from '../packages/server/src/log.ts'
import { serve } from '../packages/server/src/main.ts'
import { testDatabase } from '../packages/server/src/store/testing.ts'

/** A sandbox as `npm start` makes it, in a folder of its own: server, PostgreSQL, and the simulator as a process. */
const folder = mkdtempSync(join(tmpdir(), 'kurzpost-examples-'))
const { url: databaseUrl } = await testDatabase()
const server = await serve(
  readConfig({
    DATABASE_URL: databaseUrl,
    KURZPOST_DATA_DIR: join(folder, '.kurzpost'),
    KURZPOST_SANDBOX: 'on',
    KURZPOST_PORT: '0',
    KURZPOST_SIMULATOR_SMPP_PORT: '0',
    KURZPOST_SIMULATOR_HTTP_PORT: '0',
  }),
  silentLog,
)
after(async () => {
  await server.stop()
  rmSync(folder, { recursive: true, force: true })
})

// A developer's own server must not be what the examples find.
const { KURZPOST_URL: _url, KURZPOST_KEY: _key, ...bareEnv } = process.env

/** Runs an example in the sandbox's folder and gives back what it printed. */
async function run(name: string, words: string[] = [], env: Record<string, string> = {}): Promise<string[]> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [join(import.meta.dirname, name), ...words],
    {
      cwd: folder,
      env: { ...bareEnv, ...env },
      timeout: 60_000,
    },
  )
  return stdout.trimEnd().split('\n')
}

async function onHandset(number: string): Promise<{ direction: string; text: string }[]> {
  const response = await fetch(`${server.url}/v1/sandbox/handsets/${encodeURIComponent(number)}/messages`, {
    headers: { authorization: `Bearer ${server.key}` },
  })
  return JSON.parse(await response.text())
}

test('send.ts sends what it is told, with the server and key of the environment, and ends with the receipt', async () => {
  const printed = await run('send.ts', ['+4915123450001', 'Grüße aus dem Beispiel'], {
    KURZPOST_URL: server.url,
    KURZPOST_KEY: server.key!,
  })
  assert.equal(printed.length, 2)
  const id = printed[0]!.split(' ')[0]
  assert.deepEqual(printed, [`${id} is stored: 1 segment(s), gsm7`, `${id} is delivered`])
  const arrived = await onHandset('+4915123450001')
  assert.deepEqual(
    arrived.map(({ direction, text }) => [direction, text]),
    [['in', 'Grüße aus dem Beispiel']],
  )
})

test('send.ts says why a message was refused', async () => {
  await assert.rejects(run('send.ts', ['+49', 'x']), /\(invalid_number\)/)
})

test('two-way.ts finds the sandbox of its folder, asks, is answered, and answers back', async () => {
  const printed = await run('two-way.ts')
  assert.deepEqual(printed, [
    'we:   Your table is free at 7 or at 9. Which one?',
    'they: At 9, please',
    "we:   Booked: 9 o'clock. See you then!",
    'Both sides have everything.',
  ])
  const texts = (await onHandset('+4915198765432')).map(({ direction, text }) => `${direction} ${text}`)
  assert.deepEqual(texts, [
    'in Your table is free at 7 or at 9. Which one?',
    'out At 9, please',
    "in Booked: 9 o'clock. See you then!",
  ])
})

test('carriers.ts adds a carrier, is told which way messages would take, and takes it out again', async () => {
  assert.deepEqual(await run('carriers.ts'), [
    'nordic is there',
    'It is up, on its link.',
    '+46701234567: It would go to nordic.',
    '+4915123456789: It would go to simulator.',
    '+46701234567: It would go to simulator. nordic would come first, but cannot take it now.',
    'nordic is gone',
  ])
})

test('consent.ts is refused, is agreed to, is stopped, and has the proof', async () => {
  assert.deepEqual(await run('consent.ts'), [
    'before: consent_missing',
    'agreed: the advert is scheduled',
    'STOP: the advert is cancelled',
    'granted (web_form): Ja, schickt mir Angebote per SMS. Abmelden jederzeit mit STOP.',
    'withdrawn (sms_keyword): Stop bitte alle',
  ])
})

test('keywords.ts answers from a text, a table and a system of its own, in the language of the word', async () => {
  assert.deepEqual(await run('keywords.ts'), [
    'they: zeiten',
    '      Montag bis Freitag, 9 bis 18 Uhr.',
    'they: BALANCE',
    '      Savings: 1204.50 EUR',
    'they: Departures Altona',
    '      Altona:',
    '      14:05 S3 Pinneberg',
    '      14:08 S1 Wedel',
    'they: DEPARTURES Atlantis',
    '      We do not know a stop Atlantis.',
    'they: ordre A-1017',
    '      Order A-1017 is on its way, in 2 parcels.',
  ])
})

test('inbox.ts notes what is known, answers, and closes the conversation', async () => {
  assert.deepEqual(await run('inbox.ts'), [
    'they: Is 4711 ready?',
    'we:   Your order 4711 is ready.',
    'The conversation is closed; it opens when they write again.',
  ])
})

test('contacts.ts takes people in, says who is meant, stops within the hold, and erases one', async () => {
  assert.deepEqual(await run('contacts.ts'), [
    'columns: external_id, phone, name, attribute:points',
    'taken in: 2, not taken: 1',
    'Everybody of whom this holds: has the tag “example” and Points is at least 100. 1',
    'held, then stopped: 0 sent',
    'erased: 1 address',
  ])
})

test('every example is in the list, and run here', () => {
  const list = readFileSync(join(import.meta.dirname, 'README.md'), 'utf8')
  const tests = readFileSync(import.meta.filename, 'utf8')
  for (const name of readdirSync(import.meta.dirname)) {
    if (!name.endsWith('.ts') || name.endsWith('.test.ts')) continue
    assert.ok(list.includes(`(${name})`), `${name} is missing in examples/README.md`)
    assert.ok(tests.includes(`run('${name}'`), `${name} is run by no test`)
  }
})
