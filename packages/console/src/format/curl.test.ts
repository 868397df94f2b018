import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { curlCommand, shellWord } from './curl.ts'

const texts = [
  'plain',
  "it's",
  "'",
  "''; echo gone",
  'say "hi"',
  'cost: $HOME `id` $(id) \\ \\\\ !! ~ * ?',
  'two\nlines\ttab\r\n',
  '-n --help @file',
  'Grüße 😀 👩‍👩‍👧 שלום',
  '\u0000\u001b[31m\u007f\u0085\u2028\u202e',
  '',
]

/** What a program called by bash would get as its arguments. */
function argumentsIn(command: string): string[] {
  const script = command.replace(
    /^curl/,
    `exec "$NODE" -e 'console.log(JSON.stringify(process.argv.slice(1)))' --`,
  )
  const { stdout, stderr } = spawnSync('bash', ['-c', script], {
    encoding: 'utf8',
    env: { NODE: process.execPath, KURZPOST_KEY: 'kp_from_the_environment', HOME: '/nowhere' },
  })
  assert.equal(stderr, '')
  return JSON.parse(stdout)
}

for (const text of texts) {
  test(`bash hands ${JSON.stringify(text)} to curl as it was typed`, () => {
    const body = { to: '+491700000001', text }
    const command = curlCommand({
      origin: 'http://127.0.0.1:7678',
      method: 'POST',
      path: '/v1/messages',
      key: 'kp_1',
      body,
    })
    const [dashX, post, url, , authorization, , type, , data] = argumentsIn(command)
    assert.deepEqual(
      [dashX, post, url, authorization, type],
      [
        '-X',
        'POST',
        'http://127.0.0.1:7678/v1/messages',
        'Authorization: Bearer kp_1',
        'Content-Type: application/json',
      ],
    )
    assert.deepEqual(JSON.parse(data!), body)
  })
}

test('without a key the command reads KURZPOST_KEY', () => {
  const command = curlCommand({ origin: 'http://127.0.0.1:7678', path: '/v1/info', key: undefined })
  assert.deepEqual(argumentsIn(command), [
    'http://127.0.0.1:7678/v1/info',
    '-H',
    'Authorization: Bearer kp_from_the_environment',
  ])
})

test('nothing that a terminal acts on is in the command', () => {
  const command = curlCommand({ origin: 'http://h', path: '/', key: 'k', body: { text: texts.join('') } })
  assert.doesNotMatch(command, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028-\u202e]/)
})

test('a shell word is one word', () => {
  assert.equal(shellWord("a'b c"), "'a'\\''b c'")
})
