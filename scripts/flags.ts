import { parseArgs } from 'node:util'

type Flags = Readonly<Record<string, { readonly fallback: string; readonly help: string }>>

/** The texts of all flags; undefined once `--help` has printed them. Throws for a flag that is none. */
export function readFlags<F extends Flags>(
  command: string,
  flags: F,
  args: readonly string[],
): { readonly [K in keyof F]: string } | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...Object.fromEntries(Object.keys(flags).map((name) => [name, { type: 'string' as const }])),
      help: { type: 'boolean', short: 'h' },
    },
  })
  const given: Record<string, string | boolean | undefined> = values
  if (given.help) {
    const width = Math.max(...Object.keys(flags).map((name) => name.length)) + 2
    const lines = Object.entries(flags).map(
      ([name, { fallback, help }]) => `  --${name.padEnd(width)} ${help} Default: ${fallback || 'none'}.`,
    )
    process.stdout.write(`${command} [flags]\n\n${lines.join('\n')}\n`)
    return undefined
  }
  const texts = Object.entries(flags).map(([name, { fallback }]) => [name, given[name] ?? fallback])
  return Object.fromEntries(texts) as { readonly [K in keyof F]: string }
}
