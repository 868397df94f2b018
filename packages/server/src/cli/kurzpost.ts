import { Command } from 'commander'
import { version } from '../version.ts'
import { accountCommand } from './account.ts'
import { carrierCommand } from './carrier.ts'
import { doctorCommand } from './doctor.ts'
import { keyCommand } from './key.ts'
import { loginCommand } from './login.ts'
import { migrateCommand } from './migrate.ts'
import { nodesCommand } from './nodes.ts'
import { routeCommand } from './route.ts'
import { say } from './say.ts'
import { sendCommand } from './send.ts'
import { serveCommand } from './serve.ts'
import { simulateCommand } from './simulate.ts'
import { userCommand } from './user.ts'

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

for (const command of [
  serveCommand,
  sendCommand,
  userCommand,
  keyCommand,
  accountCommand,
  carrierCommand,
  routeCommand,
  loginCommand,
  nodesCommand,
  migrateCommand,
  doctorCommand,
  simulateCommand,
]) {
  program.addCommand(command())
}

/** How long what is open may keep a command that has failed. */
const endMs = 1_000

try {
  await program.parseAsync()
} catch (error) {
  say.problem(error)
  process.exitCode = 1
  // A server that could not start, as its database went away half-way, may leave a timer behind. It must end all the
  // same: whoever watches over it starts it again only then.
  setTimeout(() => process.exit(), endMs).unref()
}
