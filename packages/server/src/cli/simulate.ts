import { fileURLToPath } from 'node:url'
import { Command } from 'commander'

/** The simulator reads its flags itself, `--help` among them. */
export const simulateCommand = () =>
  new Command('simulate')
    .description('Run the simulator alone: an SMSC with virtual handsets (simulate --help).')
    .helpOption(false)
    .allowUnknownOption()
    .allowExcessArguments()
    .action(async (_flags, command: Command) => {
      const main = import.meta.resolve('@kurzpost/simulator/main')
      process.argv = [process.execPath, fileURLToPath(main), ...command.args]
      await import(main)
    })
