/** A body that a schema takes, made of what it demands alone: for routes of which only "whose is it?" is asked. */

export interface Schema {
  $ref?: string
  type?: string
  const?: unknown
  enum?: unknown[]
  anyOf?: Schema[]
  examples?: unknown[]
  format?: string
  minLength?: number
  minimum?: number
  minItems?: number
  minProperties?: number
  required?: string[]
  properties?: Record<string, Schema>
  items?: Schema
  pattern?: string
}

const fit = (pattern: string): string =>
  ['de', 'DE', 'x', '+4930', 'mon-fri 09:00-18:00', 'a@b.example', 'UTC'].find((text) =>
    new RegExp(pattern, 'u').test(text),
  ) ?? 'x'

export function sample(schema: Schema, named: Record<string, Schema>): unknown {
  const { $ref, anyOf, type } = schema
  if ($ref) return sample(named[$ref.split('/').at(-1)!]!, named)
  if ('const' in schema) return schema.const
  if (schema.enum) return schema.enum[0]
  if (schema.examples?.length) return schema.examples[0]
  if (anyOf) return sample(anyOf.find(({ type }) => type !== 'null') ?? anyOf[0]!, named)
  if (type === 'string') {
    if (schema.format === 'date-time') return '2030-01-01T00:00:00Z'
    return schema.pattern ? fit(schema.pattern) : 'x'.repeat(Math.max(1, schema.minLength ?? 1))
  }
  if (type === 'integer' || type === 'number') return schema.minimum ?? 1
  if (type === 'boolean') return true
  if (type === 'array')
    return Array.from({ length: schema.minItems ?? 0 }, () => sample(schema.items ?? {}, named))
  const { properties = {}, required = [] } = schema
  const optional = Object.keys(properties).filter((name) => !required.includes(name))
  const names = [
    ...required,
    ...optional.slice(0, Math.max(0, (schema.minProperties ?? 0) - required.length)),
  ]
  return Object.fromEntries(names.map((name) => [name, sample(properties[name] ?? {}, named)]))
}
