import type { Command } from 'commander'
import { systemClock } from '../clock.ts'
import { type Config, readConfig } from '../config.ts'
import { checks, type Finding } from './doctor-checks.ts'
import { say } from './say.ts'

const marks = { good: '✓', note: '·', bad: '✗' } as const

export const doctorCommand = (command: Command): Command =>
  command
    .addHelpText(
      'after',
      `
Looks at the same settings as \`kurzpost serve\` would, changes nothing, and may run beside a server. Ends with 1
when something keeps the server from working.

Examples:
  kurzpost doctor
  KURZPOST_SANDBOX=on kurzpost doctor`,
    )
    .action(async () => {
      const findings = await examine(process.env)
      for (const { level, sentence } of findings) say.answer(`${marks[level]} ${sentence}`)
      const bad = findings.filter(({ level }) => level === 'bad').length
      say.answer(bad === 0 ? 'All is well.' : `${bad} of these must be put right.`)
      if (bad > 0) process.exitCode = 1
    })

/** All findings about the environment given, in the order of the checks. */
export async function examine(env: Readonly<Record<string, string | undefined>>): Promise<Finding[]> {
  let config: Config
  try {
    config = readConfig(env)
  } catch (error) {
    return (error as Error).message.split('\n').map((sentence) => ({ level: 'bad', sentence }))
  }
  const findings: Finding[] = []
  for (const check of checks) {
    findings.push(
      ...(await check(config, systemClock).catch((error: Error): Finding[] => [
        { level: 'bad', sentence: `A check failed: ${error.message}` },
      ])),
    )
  }
  return findings
}
