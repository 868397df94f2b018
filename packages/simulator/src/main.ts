#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { greeting } from './greeting.ts'
import { watchParent } from './orphan.ts'
import { isProfileName, profileNames, profiles } from './profiles.ts'
import { rooms, type SettingName, settingTable } from './settings/settings.ts'
import { PortError, startSimulator } from './simulator.ts'

/**
 * The simulator as a process of its own. One line of JSON on standard output says that it is ready, and where; on a
 * terminal some lines for people.
 */

const EXIT_USAGE = 1
const EXIT_PORT_TAKEN = 2

const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
const envName = (name: string): string =>
  `KURZPOST_SIMULATOR_${kebab(name).replaceAll('-', '_').toUpperCase()}`

const wholeNumber = (fallback: number, most: number, help: string) => ({
  fallback,
  most,
  help,
  takes: `a whole number from 0 to ${most}`,
})
const processFlags = {
  smppPort: wholeNumber(2776, 65_535, 'Port of the SMSC. 0: any free one.'),
  httpPort: wholeNumber(2777, 65_535, 'Port of the handset interface. 0: any free one.'),
  orphanExitS: wholeNumber(0, 86_400, 'End so many idle seconds after the parent process has gone. 0: stay.'),
  parentPid: wholeNumber(0, 2 ** 31 - 1, 'The parent to watch. 0: the process that started this one.'),
} as const
type ProcessFlag = keyof typeof processFlags

const textFlags = {
  profile: { takes: `one of ${profileNames.join(', ')}`, help: 'A named behaviour; other flags change it.' },
  journal: {
    takes: 'the path of a file',
    help: 'Keep there what was taken and what is owed: started again, it goes on.',
  },
  tlsCert: { takes: 'the path of a PEM file', help: 'Certificate of the SMSC: then it speaks TLS alone.' },
  tlsKey: { takes: 'the path of a PEM file', help: 'The key of this certificate.' },
} as const

const flagNames = [...Object.keys(processFlags), ...Object.keys(textFlags), ...Object.keys(settingTable)]

function fail(message: string, code: number): never {
  process.stderr.write(`kurzpost simulator: ${message}\n`)
  process.exit(code)
}

function readFlags(): Record<string, string | undefined> {
  const options = Object.fromEntries(flagNames.map((name) => [kebab(name), { type: 'string' as const }]))
  try {
    const { values } = parseArgs({ options: { ...options, help: { type: 'boolean' as const } } })
    const given: Readonly<Record<string, string | boolean | undefined>> = values
    if (values.help) {
      process.stdout.write(helpText())
      process.exit(0)
    }
    return Object.fromEntries(
      flagNames.map((name) => [
        name,
        (given[kebab(name)] as string | undefined) ?? process.env[envName(name)],
      ]),
    )
  } catch (error) {
    return fail(`${(error as Error).message} Try --help.`, EXIT_USAGE)
  }
}

interface Flag {
  readonly help: string
  readonly takes: string
  readonly short?: string
  readonly fallback?: unknown
}

function helpText(): string {
  const line = (name: string, { help, takes, short = takes, fallback }: Flag) => {
    const otherwise =
      fallback === undefined ? '' : ` Default: ${fallback === '' ? 'empty' : String(fallback)}.`
    return `  --${kebab(name)}\n      ${help}\n      Takes ${short}.${otherwise}`
  }
  const section = (title: string, flags: Readonly<Record<string, Flag>>) => [
    '',
    `${title}:`,
    ...Object.entries(flags).map(([name, flag]) => line(name, flag)),
  ]
  return `${[
    'An SMSC with virtual handsets, on loopback: for trying Kurzpost out and for its tests.',
    ...section('The process', { ...processFlags, ...textFlags }),
    ...Object.entries(rooms).flatMap(([title, room]) => section(title, room)),
    '',
    'How these are written:',
    '  a share     how often: 0.05, 5%, true for always, false for never',
    '  a time      milliseconds up to an hour, or a distribution: "uniform 20..80", "exponential 50" (mean),',
    '              "lognormal 50 400" (median and 99th percentile); behind it, or alone, "spike 1% 5000"',
    '  a choice    one, or several with commas between them; behind each a share, "every 3", or "for 49170"',
    '              (recipients that begin so). The first that fits counts',
    '  a status    a command_status: 88, 0x58 or RTHROTTLED',
    '',
    'Profiles:',
    ...Object.entries(profiles).map(([name, { what }]) => `  ${name.padEnd(12)}${what}`),
    '',
    `Each flag can be an environment variable too, such as ${envName('smppPort')}.`,
  ].join('\n')}\n`
}

function processFlag(flags: Record<string, string | undefined>, name: ProcessFlag): number {
  const { fallback, most, takes } = processFlags[name]
  const given = flags[name] ?? String(fallback)
  if (/^\d+$/.test(given) && Number(given) <= most) return Number(given)
  return fail(`--${kebab(name)}: it takes ${takes}.`, EXIT_USAGE)
}

function readTls({ tlsCert, tlsKey }: Record<string, string | undefined>) {
  if (tlsCert === undefined && tlsKey === undefined) return undefined
  if (tlsCert === undefined || tlsKey === undefined) {
    return fail('--tls-cert and --tls-key belong together.', EXIT_USAGE)
  }
  try {
    return { cert: readFileSync(tlsCert), key: readFileSync(tlsKey) }
  } catch (error) {
    return fail(`--tls-cert, --tls-key: ${(error as Error).message}.`, EXIT_USAGE)
  }
}

async function main(): Promise<void> {
  // Whoever started this may be gone when there is something to say; that must not end the simulator.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})

  const flags = readFlags()
  const settings = Object.fromEntries(
    (Object.keys(settingTable) as SettingName[])
      .filter((name) => flags[name] !== undefined)
      .map((name) => [name, flags[name]!]),
  )
  const { profile } = flags
  if (profile !== undefined && !isProfileName(profile)) {
    return fail(`--profile: it takes ${textFlags.profile.takes}.`, EXIT_USAGE)
  }
  const orphanExitS = processFlag(flags, 'orphanExitS')
  const parentPid = processFlag(flags, 'parentPid') || undefined
  const ports = {
    smppPort: processFlag(flags, 'smppPort'),
    httpPort: processFlag(flags, 'httpPort'),
  }

  const tls = readTls(flags)
  const { journal } = flags
  const named = { ...(profile && { profile }), ...(tls && { tls }), ...(journal && { journal }) }

  const simulator = await startSimulator({ ...ports, ...named, ...settings }).catch((error: unknown) => {
    if (error instanceof PortError) return fail(error.message, EXIT_PORT_TAKEN)
    if (error instanceof RangeError) return fail(error.message, EXIT_USAGE)
    throw error
  })

  const end = (): void => {
    void simulator.close().then(() => process.exit(0))
  }
  process.once('SIGTERM', end)
  process.once('SIGINT', end)
  if (orphanExitS > 0) {
    watchParent({ parentPid, seconds: orphanExitS, idleMs: simulator.idleMs, end })
  }
  const { smppPort, httpPort } = simulator
  const ready = process.stdout.isTTY
    ? greeting({ smppPort, httpPort }, profile)
    : JSON.stringify({ ready: true, smppPort, httpPort })
  process.stdout.write(`${ready}\n`)
}

await main()
