import { readFileSync } from 'node:fs'
import { statusCode, statusSentence } from '@kurzpost/smpp'
import { errors } from '../../packages/server/src/errors.ts'
import { objections, refusals } from '../../packages/server/src/esme/refusals.ts'
import { table } from './markdown.ts'

const path = new URL('../../docs/smpp-server.md', import.meta.url)
const begin = '<!-- Generated from packages/server/src/esme/refusals.ts by `npm run generate`. -->'
const end = '<!-- End of what is generated. -->'

/** The page as it stands, its table of command_status made anew. */
export function smppServerPage(): string {
  const why = [
    ...Object.entries(refusals).map(([code, name]) => [
      name,
      `\`${code}\`: ${errors[code as keyof typeof errors].sentence}`,
    ]),
    ...Object.values(objections).map(([name, sentence]) => [name, sentence]),
    ['ESME_RSUBMITFAIL', 'A gate refuses the message: consent, a budget, quiet hours.'],
  ] as [Parameters<typeof statusCode>[0], string][]
  const byName = Map.groupBy(why, ([name]) => name)
  const names = [...byName.keys()].sort((a, b) => statusCode(a) - statusCode(b))
  const rows = names.map((name) => [
    `\`${name}\` 0x${statusCode(name).toString(16).padStart(2, '0')}`,
    statusSentence(statusCode(name)),
    byName
      .get(name)!
      .map(([, sentence]) => sentence)
      .join(' '),
  ])
  const text = readFileSync(path, 'utf8')
  const made = table(['command_status', 'Meaning', 'When'], rows)
  const [before, rest = ''] = text.split(begin)
  return `${before}${begin}\n\n${made}\n\n${end}${rest.split(end)[1] ?? '\n'}`
}
