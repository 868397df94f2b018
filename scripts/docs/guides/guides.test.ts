import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { after, test } from 'node:test'
import { insertMembership, insertUser } from '../../../packages/server/src/accounts/user.store.ts'
import { readConfig } from '../../../packages/server/src/config.ts'
import { client } from '../../../packages/server/src/http/testing.ts'
import { publicId, uuidv7 } from '../../../packages/server/src/ids.ts'
import { silentLog } from '../../../packages/server/src/log.ts'
import { serve } from '../../../packages/server/src/main.ts'
import { openDb } from '../../../packages/server/src/store/db.ts'
import { testDatabase } from '../../../packages/server/src/store/testing.ts'
import { eventually } from '../../../packages/server/src/stories/house.ts'
import { type Asked, curl } from './curl.ts'

/**
 * Every line with curl in the guides, as it stands there and in its order, in the sandbox of `npm start`. One that answers
 * anything but 2xx is wrong, or the house is.
 */
const guides = ['send', 'contacts', 'consent', 'keywords', 'inbox', 'users', 'quiet-hours']

/** What a line is meant to answer that is no success. */
const meant: Readonly<Record<string, number>> = {
  // The code stands for the one on the phone.
  'POST /v1/consent-sign-ups/sgn/confirm': 422,
}

/** Files that the guides upload. */
const files = {
  'people.csv': 'id,mobile,name,points\nK-1,+4915123456701,Grace,10\n',
  'stop-list.csv': 'number;note\n+4915123456789;by phone\n',
}

const folder = mkdtempSync(join(tmpdir(), 'kurzpost-guides-'))
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
const db = openDb(databaseUrl, { max: 1, log: silentLog, name: 'guides' })
after(async () => {
  await db.close()
  await server.stop()
  rmSync(folder, { recursive: true, force: true })
})
const ask = client(server.url, server.key)

for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)

/** What a guide speaks of and does not make itself. */
const before: Readonly<Record<string, () => Promise<Record<string, string>>>> = {
  async contacts() {
    const { body: list } = await ask('POST', '/v1/lists', { name: 'Spring' })
    const { body: topic } = await ask('POST', '/v1/topics', {
      name: 'Spring',
      key: 'spring',
      kind: 'marketing',
    })
    return { lst: list.id, top: topic.id }
  },
  async inbox() {
    const conversations = async () => (await ask('GET', '/v1/inbox/conversations')).body.data
    await eventually(async () => (await conversations()).length > 0)
    const id = uuidv7(Date.now())
    await insertUser(db, { id, email: 'ada@example.org', name: 'Ada', password: 'x' }, new Date())
    const { rows } = await db.pool.query('select id from accounts order by id limit 1')
    await insertMembership(db, rows[0].id, id, 'agent', new Date())
    return { cnv: (await conversations())[0].id, usr: publicId('user', id) }
  },
  async users() {
    return { acc: (await ask('GET', '/v1/info')).body.account.id }
  },
}

const fenced = (name: string): string[] => {
  const page = readFileSync(join(import.meta.dirname, `../../../docs/${name}.md`), 'utf8')
  return [...page.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block]) => block!)
}
/** The day on which the examples were written, so that what lies ahead in them does so for ever. */
const written = Date.parse('2026-11-22T00:00:00Z')
const ofToday = (text: string): string =>
  text.replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, (at) =>
    new Date(Date.parse(at) - written + Date.now()).toISOString(),
  )
const [setup] = fenced('send')

/** In the shell of a guide curl asks this process, which is quicker than a process for each line: words go out by 3, the end is told by 4. */
const shell = `
curl() {
  case "$*" in *@-*) cat > stdin;; esac
  printf '%s\\0' "$@" end-of-curl >&3
  read -r _ <&4
  cat answer
}
jq() { node -p 'JSON.parse(require("fs").readFileSync(0)).id'; }
`
const ids: Record<string, string> = {}

/** Runs lines of shell, and gives back what its curls asked and were answered. */
async function run(lines: string): Promise<Asked[]> {
  const child = spawn('/bin/sh', ['-eu', '-c', lines], {
    cwd: folder,
    env: { PATH: process.env.PATH, KURZPOST_URL: server.url, KURZPOST_KEY: server.key },
    stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
  })
  const [ended, problems] = [once(child, 'close'), text(child.stderr!)]
  const answers: Asked[] = []
  const [asks, told] = [child.stdio[3] as Readable, child.stdio[4] as Writable]
  let rest = ''
  for await (const piece of asks.setEncoding('utf8')) {
    rest += piece
    if (!rest.endsWith('end-of-curl\0')) continue
    const answer = await curl(rest.split('\0').slice(0, -2), { url: server.url, folder, ids })
    rest = ''
    answers.push(answer)
    writeFileSync(join(folder, 'answer'), answer.text)
    told.write('\n')
  }
  assert.deepEqual([await problems, (await ended)[0]], ['', 0])
  return answers
}

for (const name of guides)
  test(`docs/${name}.md: every line with curl answers as the page says`, async () => {
    const blocks = fenced(name).filter((block) => block !== setup && !/^npx /m.test(block))
    Object.assign(ids, await before[name]?.())
    const answers = await run(ofToday([shell, setup, ...blocks].join('\n')))
    const wrong = answers.filter(({ asked, status }) => {
      const expected = meant[asked.replace(/([a-z]{3})_[0-9a-z]{26}/g, '$1')]
      return expected === undefined ? status >= 300 : status !== expected
    })
    assert.deepEqual(wrong, [])
    const calls = blocks.join('').match(/(?:^|[|(])\s*(?:curl|api) /gm)?.length
    assert.equal(answers.length, calls, 'every line was run')
  })
