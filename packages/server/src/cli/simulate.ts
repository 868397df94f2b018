import { fileURLToPath } from 'node:url'
import type { Command } from 'commander'

/** The simulator reads its flags itself, `--help` among them. */
export const simulateCommand = (command: Command): Command =>
  command
    .helpOption(false)
    .allowUnknownOption()
    .allowExcessArguments()
    .action(async (_flags, command: Command) => {
      const main = import.meta.resolve('@kurzpost/simulator/main')
      process.argv = [process.execPath, fileURLToPath(main), ...command.args]
      await import(main)
    })
