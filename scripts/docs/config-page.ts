import { settings } from '../../packages/server/src/config.ts'
import { generatedFrom, page, table } from './markdown.ts'

export function configPage(): string {
  return page(
    generatedFrom('packages/server/src/config.ts'),
    '# Settings',
    'Every setting is an environment variable. A value that does not fit keeps the server from starting, with a sentence that says what would. `npx kurzpost doctor` looks at the same settings.',
    table(
      ['Variable', 'Default', 'Meaning'],
      Object.values(settings).map((entry) => [
        `\`${entry.env}\``,
        entry.fallback === '' ? '' : `\`${entry.fallback}\``,
        'secret' in entry ? `${entry.help} Never printed.` : entry.help,
      ]),
    ),
  )
}
