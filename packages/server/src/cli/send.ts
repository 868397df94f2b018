import { text as readText } from 'node:stream/consumers'
import { type Command, Option } from 'commander'
import { readSandboxAccess } from '../accounts/sandbox-access.ts'
import { settings } from '../config.ts'
import { laneNames } from '../message/lane.ts'
import { say } from './say.ts'

interface Flags {
  to: string
  text: string
  from?: string
  lane?: string
  sendAt?: string
  expiresAt?: string
  ref?: string
  idempotencyKey?: string
  json?: true
}

export const sendCommand = (command: Command): Command =>
  command
    .requiredOption('--to <number>', 'recipient, such as +4915123456789')
    .requiredOption('--text <text>', 'what to say; - reads it from standard input')
    .option('--from <sender>', 'number, short code or name')
    .addOption(new Option('--lane <lane>', 'priority class').choices(laneNames))
    .option('--send-at <time>', 'not before this moment, such as 2026-11-23T09:00:00Z')
    .option('--expires-at <time>', 'not worth delivering after this moment')
    .option('--ref <text>', 'your own reference')
    .option('--idempotency-key <key>', 'the same key never sends twice within 24 hours')
    .option('--json', 'print the whole answer')
    .addHelpText(
      'after',
      `
The server is KURZPOST_URL and the key KURZPOST_KEY; without them, the sandbox that was started in this folder.

Examples:
  kurzpost send --to +4915123456789 --text "Your parcel is here."
  date | kurzpost send --to +4915123456789 --text - --lane code`,
    )
    .action(sendAction)

async function sendAction(flags: Flags): Promise<void> {
  const { url, key } = await access()
  const body = {
    to: flags.to,
    text: flags.text === '-' ? (await readText(process.stdin)).replace(/\r?\n$/, '') : flags.text,
    from: flags.from,
    lane: flags.lane,
    send_at: flags.sendAt,
    expires_at: flags.expiresAt,
    client_ref: flags.ref,
  }
  const answer = await fetch(new URL('/v1/messages', url), {
    method: 'POST',
    headers: {
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
      ...(flags.idempotencyKey === undefined ? {} : { 'idempotency-key': flags.idempotencyKey }),
    },
    body: JSON.stringify(body),
  }).catch(({ cause, message }: Error) => {
    const why = (cause as NodeJS.ErrnoException)?.code ?? message
    throw new Error(`No server answers at ${url} (${why}). Is it running?`)
  })
  const said = (await answer.json()) as Record<string, unknown> & {
    error?: { code: string; message: string }
  }
  if (said.error) throw new Error(`${said.error.message} (${said.error.code})`)
  const { id, state, segments, encoding, to } = said
  say.answer(
    flags.json
      ? JSON.stringify(said, null, 2)
      : `${id} to ${to}: ${state}, ${counted(Number(segments))}, ${encoding}`,
  )
}

const counted = (segments: number): string => (segments === 1 ? '1 segment' : `${segments} segments`)

/** Which server, and with which key. */
async function access(): Promise<{ url: string; key: string }> {
  const { KURZPOST_URL, KURZPOST_KEY } = process.env
  const dataDir = process.env[settings.dataDir.env] ?? settings.dataDir.fallback!
  const sandbox = await readSandboxAccess(dataDir)
  const url = KURZPOST_URL ?? sandbox?.url
  const key = KURZPOST_KEY ?? sandbox?.key
  if (url && key) return { url, key }
  throw new Error(
    'No server is known. Set KURZPOST_URL and KURZPOST_KEY, or start a sandbox in this folder with `npm start`.',
  )
}
