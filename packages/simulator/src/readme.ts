import { profiles } from './profiles.ts'
import type { Rule } from './settings/kinds.ts'
import { rooms } from './settings/settings.ts'
import { faultGroups, faultsOf } from './smsc/faults/groups.ts'
import { dialects } from './smsc/receipts/dialects.ts'

/** The tables of README.md, written from the tables of the code; a test compares them. */

const cell = (text: string): string => text.replaceAll('|', '\\|')
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n')

const shown = (value: unknown): string => (value === '' ? 'empty' : `\`${String(value)}\``)

const settingTables = (): string =>
  Object.entries(rooms)
    .map(([title, room]) => {
      const rows = Object.entries<Rule<unknown>>(room).map(([name, rule]) => [
        `\`${name}\``,
        shown(rule.fallback),
        `${rule.help} Takes ${takesInTable(rule)}.`,
      ])
      return `### ${title}\n\n${table(['setting', 'default', ''], rows)}`
    })
    .join('\n\n')

/** Long lists stand in tables of their own. */
function takesInTable({ takes, short = takes }: Rule<unknown>): string {
  return short.length > 150 ? 'a choice; the words are below' : short
}

export const readmeTables: Readonly<Record<string, () => string>> = {
  settings: settingTables,
  profiles: () =>
    table(
      ['profile', '', 'known from'],
      Object.entries(profiles).map(([name, profile]) => [
        `\`${name}\``,
        profile.what,
        'source' in profile ? profile.source : '',
      ]),
    ),
  dialects: () =>
    table(
      ['dialect', ''],
      Object.entries(dialects).map(([name, { what }]) => [`\`${name}\``, what]),
    ),
  faults: () =>
    table(
      ['group', ''],
      faultGroups.map((group) => [
        group,
        `${faultsOf(group)
          .map(({ what }, index) => `${index + 1}. ${what}`)
          .join('; ')}${faultsOf(group).some(({ fatal }) => fatal) ? ' (closes the link)' : ''}`,
      ]),
    ),
}

/** The README with every table between its two marks written anew. */
export function withTables(readme: string): string {
  let text = readme
  for (const [name, write] of Object.entries(readmeTables)) {
    const marks = new RegExp(`(<!-- ${name} -->\n)[^]*?(<!-- end of ${name} -->)`)
    if (!marks.test(text)) throw new Error(`README.md has no marks for ${name}.`)
    text = text.replace(marks, (_all, start: string, end: string) => `${start}\n${write()}\n\n${end}`)
  }
  return text
}
