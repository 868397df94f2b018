import { publicId } from '../../../ids.ts'
import { argumentsOf } from '../book.ts'
import { usageOf } from '../compose.ts'
import type { ServiceRow, ShownService } from '../service.store.ts'
import { warningsOf } from '../warnings.ts'

const iso = (text: string | null): string | null => (text === null ? null : new Date(text).toISOString())

/** A service as the API shows it. */
export function serviceJson(service: ShownService) {
  const { id, name, kind, enabled, numbers, keywords, quota, settings, table, state, createdAt, updatedAt } =
    service
  const { language, time_zone, typos, max_segments, texts } = settings
  const columns = table?.columns ?? []
  const args = argumentsOf(service, columns)
  return {
    id: publicId('keywordService', id),
    ...{
      name,
      kind,
      enabled,
      numbers,
      keywords,
      arguments: args,
      language,
      time_zone,
      typos,
      max_segments,
      quota,
    },
    texts,
    most_rows: settings.table?.most_rows ?? 5,
    source: sourceJson(service),
    usage: usageOf({ keyword: keywords[0]!, arguments: args }),
    table: table && { ...table, updated_at: iso(table.updated_at) },
    state: state && {
      ...state,
      rests_until: iso(state.rests_until),
      answered_at: iso(state.answered_at),
      failed_at: iso(state.failed_at),
    },
    warnings: warningsOf(service, table),
    created_at: createdAt,
    updated_at: updatedAt,
  }
}

/** Without the values of secret headers. */
function sourceJson({ settings: { source } }: Pick<ServiceRow, 'settings'>) {
  if (!source) return null
  return {
    ...source,
    headers: source.headers.map(({ name, value }) =>
      value === undefined ? { name, secret: true } : { name, value },
    ),
    list: source.list ?? null,
  }
}
