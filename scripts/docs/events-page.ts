import { events } from '../../packages/server/src/events.ts'
import { generatedFrom, page, table } from './markdown.ts'

interface Schema {
  type?: string
  anyOf?: Schema[]
  description?: string
  properties?: Record<string, Schema>
  items?: Schema
  enum?: unknown[]
}

export function eventsPage(): string {
  return page(
    generatedFrom('packages/server/src/events.ts'),
    '# Events',
    'Each event is written in the transaction of its change, so there is one exactly when the change happened. Webhooks and `GET /v1/events` carry the same events; either may bring one twice, with the same `id`.',
    ...Object.entries(events).map(([name, { meaning, payload }]) =>
      [
        `## ${name}`,
        meaning,
        table(
          ['Field', 'Type', 'Meaning'],
          Object.entries((payload as Schema).properties!).map(([field, schema]) => [
            `\`${field}\``,
            typeOf(schema),
            schema.description ?? '',
          ]),
        ),
      ].join('\n\n'),
    ),
  )
}

function typeOf({ type, anyOf, properties, items, enum: allowed }: Schema): string {
  if (anyOf) return anyOf.map(typeOf).join(' or ')
  if (allowed) return allowed.map((value) => `\`${value}\``).join(' or ')
  if (properties)
    return `{ ${Object.entries(properties)
      .map(([name, schema]) => `${name}: ${typeOf(schema)}`)
      .join(', ')} }`
  if (items) return `list of ${typeOf(items)}`
  return type ?? 'anything'
}
