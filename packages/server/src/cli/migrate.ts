import type { Command } from 'commander'
import { readConfig } from '../config.ts'
import { createLog } from '../log.ts'
import { migrate } from '../store/migrate.ts'
import { withDatabase } from './database.ts'
import { say } from './say.ts'

export const migrateCommand = (command: Command): Command =>
  command
    .addHelpText(
      'after',
      `
The server does this by itself when it starts. Run it on its own where the server's user may not alter tables, or
to separate the two in a deployment. It goes forward only; several at once take turns.

Example:
  DATABASE_URL=postgres://owner@db/kurzpost kurzpost migrate`,
    )
    .action(async () => {
      const config = readConfig(process.env)
      const log = createLog('warn')
      const { from, to } = await withDatabase(config, log, (url) => migrate(url, log))
      say.answer(from === to ? `The schema is current (${to}).` : `The schema went from ${from} to ${to}.`)
    })
