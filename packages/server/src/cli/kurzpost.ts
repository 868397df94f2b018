import { Command } from 'commander'
import { version } from '../version.ts'
import { say } from './say.ts'

type Configure = (command: Command) => Command

/**
 * What there is, in the order of the help. Each loads what it needs when it is asked for, so that the help, and a command that
 * looks for a key, do not wait for the parts of a server.
 */
const commands: Readonly<Record<string, readonly [description: string, load: () => Promise<Configure>]>> = {
  serve: [
    'Start the server: API, console, and the links to carriers.',
    async () => (await import('./serve.ts')).serveCommand,
  ],
  send: ['Send a message through a running server.', async () => (await import('./send.ts')).sendCommand],
  user: [
    'People who sign in at the console, straight in the database.',
    async () => (await import('./user.ts')).userCommand,
  ],
  key: [
    'Make, list and revoke API keys, straight in the database.',
    async () => (await import('./key.ts')).keyCommand,
  ],
  account: [
    'Accounts of the installation: each has messages, people, keys and users of its own.',
    async () => (await import('./account.ts')).accountCommand,
  ],
  carrier: [
    'Carriers: connections that take messages. Straight in the database.',
    async () => (await import('./carrier.ts')).carrierCommand,
  ],
  route: [
    'Routes: which carriers messages may take. Straight in the database.',
    async () => (await import('./route.ts')).routeCommand,
  ],
  login: [
    'SMPP logins: the systems that may bind. Straight in the database.',
    async () => (await import('./login.ts')).loginCommand,
  ],
  nodes: [
    'Show the nodes that share the database, and which binds they hold.',
    async () => (await import('./nodes.ts')).nodesCommand,
  ],
  migrate: [
    'Bring the database to the schema of this version.',
    async () => (await import('./migrate.ts')).migrateCommand,
  ],
  doctor: [
    'Say what is wrong with the set-up, in sentences.',
    async () => (await import('./doctor.ts')).doctorCommand,
  ],
  simulate: [
    'Run the simulator alone: an SMSC with virtual handsets (simulate --help).',
    async () => (await import('./simulate.ts')).simulateCommand,
  ],
}

const program = new Command('kurzpost')
  .description('Talk to customers by SMS: one process, one PostgreSQL.')
  .version(version)
  .showHelpAfterError('Try kurzpost --help.')
  .addHelpText(
    'after',
    `
Examples:
  kurzpost serve --sandbox                        try it out: virtual handsets, nothing leaves this machine
  kurzpost send --to +4915123456789 --text Hello  send through the server that runs here
  kurzpost user add ada@example.org --name Ada --role owner   invite somebody to the console
  kurzpost key create --name shop                 make an API key
  kurzpost carrier list                           connections to networks, and how they are
  kurzpost doctor                                 what is wrong with the set-up, in sentences

Settings are environment variables; docs/config.md lists them all.`,
  )

/** The command that is meant: options before it take no values. */
function askedFor(): string | undefined {
  const [first, second] = process.argv.slice(2).filter((word) => !word.startsWith('-'))
  return first === 'help' ? second : first
}

/** How long what is open may keep a command that has failed. */
const endMs = 1_000

try {
  const asked = askedFor()
  for (const [name, [description, load]] of Object.entries(commands)) {
    const command = program.command(name).description(description)
    if (name === asked) (await load())(command)
  }
  await program.parseAsync()
} catch (error) {
  say.problem(error)
  process.exitCode = 1
  // A server that could not start, as its database went away half-way, may leave a timer behind. It must end all the
  // same: whoever watches over it starts it again only then.
  setTimeout(() => process.exit(), endMs).unref()
}
