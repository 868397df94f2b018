import { argumentsOf } from './book.ts'
import type { Column, Service } from './service.ts'
import { placeholdersOf } from './source/tree.ts'

export interface Warning {
  readonly code: 'unknown_placeholder' | 'no_table' | 'no_rows' | 'no_answer'
  readonly name?: string
  readonly sentence: string
}

/** Placeholders that every text knows. */
const always = ['keyword', 'arguments', 'number', 'date', 'time', 'usage', 'suggestions']

/** What will not work as it stands; such as it is, it is stored, for its table may come later. */
export function warningsOf(
  service: Pick<Service, 'kind' | 'settings'>,
  table: { columns: readonly Column[]; row_count: number } | null,
): Warning[] {
  const { settings, kind } = service
  const columns = table?.columns ?? []
  const args = argumentsOf(service, columns)
  const asked = [...args.map(({ name }) => name), ...args.map((_, at) => String(at + 1))]
  const { source } = settings
  const answered = [
    ...columns.map(({ name }) => name),
    ...Object.keys(source?.values ?? {}),
    ...(source?.list ? ['list'] : []),
    ...(source && Object.keys(source.values).length === 0 && !source.list ? ['body'] : []),
  ]
  const known = new Set([...always, ...asked, ...answered])
  const inList = new Set([...known, ...Object.keys(source?.list?.values ?? {})])
  const asks = new Set([...asked, 'keyword', 'arguments', 'number'])
  const said = [
    ...namesIn(Object.values(settings.texts), known),
    ...namesIn(source?.list?.line, inList),
    ...namesIn([source?.url ?? null, source?.body ?? null], asks),
  ]
  return [
    ...[...new Set(said)].map((name) => ({
      code: 'unknown_placeholder' as const,
      name,
      sentence: `{{${name}}} stands for nothing here, and would be left empty.`,
    })),
    ...(Object.keys(settings.texts.answer).length === 0
      ? [{ code: 'no_answer' as const, sentence: 'There is no text for the answer yet.' }]
      : []),
    ...(kind === 'table' && !table
      ? [{ code: 'no_table' as const, sentence: 'There is no table yet: upload one.' }]
      : []),
    ...(table?.row_count === 0 ? [{ code: 'no_rows' as const, sentence: 'The table has no rows.' }] : []),
  ]
}

const namesIn = (texts: unknown, known: ReadonlySet<string>): string[] =>
  placeholdersOf((texts ?? null) as Parameters<typeof placeholdersOf>[0]).filter(
    (name) => !known.has(name) && !name.startsWith('contact.'),
  )
