import type { Command } from 'commander'
import { type Config, readConfig } from '../config.ts'
import type { Running } from '../main.ts'
import { roles } from '../roles.ts'
import { version } from '../version.ts'
import { say } from './say.ts'

interface Flags {
  sandbox?: true
  port?: string
  host?: string
  dataDir?: string
  roles?: string
}

export const serveCommand = (command: Command): Command =>
  command
    .option('--sandbox', 'virtual handsets in place of a real network (KURZPOST_SANDBOX)')
    .option('--port <port>', 'port of the API and the console (KURZPOST_PORT)')
    .option('--host <address>', 'address to listen on (KURZPOST_HOST)')
    .option('--data-dir <folder>', 'folder of the embedded PostgreSQL (KURZPOST_DATA_DIR)')
    .option('--roles <roles>', 'what this node does: api,carriers,jobs (KURZPOST_ROLES)')
    .addHelpText(
      'after',
      `
Examples:
  kurzpost serve --sandbox
  DATABASE_URL=postgres://… KURZPOST_CARRIER_URL=smpp://id:password@host:2775 kurzpost serve
  DATABASE_URL=postgres://… kurzpost serve --roles carriers,jobs

Roles:
${Object.entries(roles)
  .map(([role, meaning]) => `  ${role.padEnd(9)} ${meaning}`)
  .join('\n')}

Without DATABASE_URL the server runs a PostgreSQL of its own. Ctrl-C stops it cleanly: answers under way go out,
and what the carrier has not answered yet is waited for. A second Ctrl-C stops at once; nothing is lost then either.`,
    )
    .action(serveAction)

async function serveAction(flags: Flags): Promise<void> {
  const config = readConfig(environment(flags))
  // Loaded here, so that `kurzpost --help` answers at once.
  const { serve } = await import('../main.ts')
  const starting = serve(config)
  const stopping = stopOnSignal(starting)
  const running = await starting
  if (!stopping.asked) say.answer(greeting(config, running))
}

function environment(flags: Flags): Record<string, string | undefined> {
  const given = {
    KURZPOST_SANDBOX: flags.sandbox && 'on',
    KURZPOST_PORT: flags.port,
    KURZPOST_HOST: flags.host,
    KURZPOST_DATA_DIR: flags.dataDir,
    KURZPOST_ROLES: flags.roles,
  }
  const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
  // At a terminal the sandbox speaks to a person, who wants the address and not the log.
  const quiet = flags.sandbox && process.stdout.isTTY ? { KURZPOST_LOG: 'warn' } : {}
  return { ...quiet, ...process.env, ...set }
}

/** The first signal stops cleanly, also while the start is under way; the second one ends the process. */
function stopOnSignal(starting: Promise<Running>): { asked: boolean } {
  const state = { asked: false }
  const stop = (signal: NodeJS.Signals) => {
    if (state.asked) process.exit(signal === 'SIGINT' ? 130 : 143)
    state.asked = true
    starting.then(
      (running) => running.stop().then(() => process.exit(0)),
      // serveAction rejects with it, and the sentence is said there.
      () => undefined,
    )
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  return state
}

function greeting({ sandbox, publicUrl, smppHost }: Config, { url, key, smppPorts }: Running): string {
  const address = publicUrl ?? url
  const lines = [`Kurzpost ${version} runs at ${address}`]
  if (key !== undefined) lines.push(`  console   ${address}/#key=${key}`, `  API key   ${key}`)
  lines.push(`  API docs  ${address}/docs`)
  for (const port of smppPorts)
    lines.push(`  SMPP      ${smppHost}:${port}  (\`kurzpost login add\` says who may bind)`)
  if (sandbox) lines.push('Sandbox: texts go to virtual handsets, and nothing leaves this machine.')
  return lines.join('\n')
}
