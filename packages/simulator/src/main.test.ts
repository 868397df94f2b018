import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { createInterface } from 'node:readline'
import { type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { profileNames } from './profiles.ts'
import { settingTable } from './settings/settings.ts'

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url))

interface Run {
  readonly child: ChildProcess
  readonly errors: () => string
  readonly exit: Promise<number | null>
}

function run(t: TestContext, flags: string[], env: Record<string, string> = {}): Run {
  const child = spawn(process.execPath, [MAIN, ...flags], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  })
  t.after(() => child.kill('SIGKILL'))
  let errors = ''
  child.stderr!.setEncoding('utf8').on('data', (chunk: string) => {
    errors += chunk
  })
  const exit = once(child, 'close').then(([code]) => code as number | null)
  return { child, errors: () => errors, exit }
}

async function firstLine({ child }: Run): Promise<{ ready: boolean; smppPort: number; httpPort: number }> {
  const lines = createInterface({ input: child.stdout! })
  const [line] = (await once(lines, 'line')) as [string]
  return JSON.parse(line) as { ready: boolean; smppPort: number; httpPort: number }
}

const anyPorts = ['--smpp-port', '0', '--http-port', '0']
const settingsOf = async (port: number): Promise<Record<string, unknown>> =>
  (await (await fetch(`http://127.0.0.1:${port}/settings`)).json()) as Record<string, unknown>

test('one line says that it is ready and where, flags and environment set it up, and SIGTERM ends it', async (t) => {
  const started = run(t, [...anyPorts, '--receipt-delay-ms', '7', '--receipts-first', 'true'], {
    KURZPOST_SIMULATOR_RECEIPT_DELAY_MS: '9',
    KURZPOST_SIMULATOR_ID_IN_ANSWER: 'hex',
  })
  const { ready, httpPort } = await firstLine(started)
  assert.equal(ready, true)
  const settings = await settingsOf(httpPort)
  assert.deepEqual([settings.receiptDelayMs, settings.receiptsFirst, settings.idInAnswer], [7, 1, 'hex'])
  started.child.kill('SIGTERM')
  assert.equal(await started.exit, 0)
})

for (const flag of ['smpp', 'http'] as const) {
  test(`a taken ${flag} port ends it with a sentence and exit code 2`, async (t) => {
    const holder = createServer().listen(0, '127.0.0.1')
    t.after(() => holder.close())
    await once(holder, 'listening')
    const { port } = holder.address() as { port: number }
    const started = run(t, [...anyPorts, `--${flag}-port`, String(port)])
    assert.equal(await started.exit, 2)
    assert.match(
      started.errors(),
      new RegExp(`^kurzpost simulator: Its ${flag.toUpperCase()} port ${port} is taken`),
    )
  })
}

test('--profile sets what it says, and other flags change it', async (t) => {
  const started = run(t, [...anyPorts, '--profile', 'throttling', '--limit-per-second', '7', '--seed', '5'])
  const { httpPort } = await firstLine(started)
  const settings = await settingsOf(httpPort)
  assert.deepEqual(
    [settings.limitPerSecond, settings.limitStyle, settings.answerDelayMs, settings.seed],
    [7, 'refuse', 'uniform 5..20', 5],
  )
})

test('--help names every setting, with what it takes, and every profile', async (t) => {
  const started = run(t, ['--help'])
  let help = ''
  started.child.stdout!.setEncoding('utf8').on('data', (chunk: string) => {
    help += chunk
  })
  assert.equal(await started.exit, 0)
  const settings = Object.keys(settingTable).map((name) =>
    name.replace(/[A-Z]/g, (one) => `-${one.toLowerCase()}`),
  )
  for (const flag of [...settings, 'smpp-port', 'profile', 'tls-cert']) {
    assert.match(help, new RegExp(`\n  --${flag}\n      \\S.*\n      Takes \\S.*\n`), flag)
  }
  for (const profile of profileNames) assert.match(help, new RegExp(`\n  ${profile} `))
})

const mistakes: [flags: string[], says: RegExp][] = [
  [['--smpp-port', '70000'], /--smpp-port: it takes a whole number from 0 to 65535/],
  [['--receipt-delay', '5'], /--receipt-delay.*--help/s],
  [['--receipt-state', 'lost'], /receiptState: It takes one of delivered/],
  [['--profile', 'perfect'], /--profile: it takes one of healthy, flaky/],
  [['--answer-delay-ms', 'gamma 5'], /answerDelayMs: It takes milliseconds/],
  [['--tls-cert', 'x.pem'], /--tls-cert and --tls-key belong together/],
  [['--tls-cert', 'no.pem', '--tls-key', 'no.pem'], /ENOENT/],
]
for (const [flags, says] of mistakes) {
  test(`${flags.join(' ')} ends it with a sentence and exit code 1`, async (t) => {
    const started = run(t, [...anyPorts, ...flags])
    assert.equal(await started.exit, 1)
    assert.match(started.errors(), says)
  })
}

test('an orphan that nobody uses ends by itself', async (t) => {
  const parent = spawn(process.execPath, ['-e', 'process.stdin.resume()'], {
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  await once(parent, 'spawn')
  const started = run(t, [...anyPorts, '--orphan-exit-s', '1', '--parent-pid', String(parent.pid)])
  await firstLine(started)
  parent.stdin!.end()
  await once(parent, 'close')
  assert.equal(await started.exit, 0)
})

test('it notices by itself that whoever started it was killed', async (t) => {
  const script = `require('node:child_process').spawn(process.execPath, process.argv.slice(1), { stdio: 'inherit' })`
  const flags = [MAIN, ...anyPorts, '--orphan-exit-s', '1']
  const parent = spawn(process.execPath, ['-e', script, ...flags], { stdio: ['ignore', 'pipe', 'ignore'] })
  t.after(() => parent.kill('SIGKILL'))
  const lines = createInterface({ input: parent.stdout! })
  await once(lines, 'line')
  parent.kill('SIGKILL')
  // The simulator holds the other end of the pipe: it closes when the simulator, the last to hold it, has ended.
  await once(lines, 'close')
})
