import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { Value } from 'typebox/value'
import { KurzpostError } from './errors.ts'

export interface Problem {
  /** Where, as `messages.3.text`; empty for the whole. */
  field: string
  problem: string
}

export interface Validator {
  check(value: unknown): boolean
  /** What is wrong, at most 20 entries, one a field. */
  problems(value: unknown): Problem[]
}

const most = 20

/** Keywords whose own message would puzzle a reader, or that only repeat a better one. */
const sentences: Record<string, (params: Record<string, unknown>) => string | undefined> = {
  boolean: () => undefined,
  anyOf: () => undefined,
  required: () => undefined,
  additionalProperties: () => undefined,
  enum: ({ allowedValues }) => `must be one of ${(allowedValues as unknown[]).join(', ')}`,
  const: ({ allowedValue }) => `must be ${String(allowedValue)}`,
  format: ({ format }) =>
    format === 'date-time' ? 'must be a time such as 2026-11-23T09:00:00Z' : `must be a ${format}`,
  type: ({ type }) => `must be ${article(String(type))}`,
}
const article = (noun: string): string => (/^[aeio]/.test(noun) ? `an ${noun}` : `a ${noun}`)
const toField = (pointer: string): string =>
  pointer.slice(1).replaceAll('/', '.').replaceAll('~1', '/').replaceAll('~0', '~')
const join = (pointer: string, name: string): string => [toField(pointer), name].filter(Boolean).join('.')

/** Compiles a schema once, when it is first asked: two hundred of them are a tenth of a second, and most wait for long. */
export function compile(schema: TSchema): Validator {
  let made: ReturnType<typeof Compile> | undefined
  const compiled = () => (made ??= Compile(schema))
  return {
    check: (value) => compiled().Check(value),
    problems(value) {
      const found = new Map<string, string>()
      const add = (field: string, problem: string) => {
        const before = found.get(field)
        if (before === undefined) found.set(field, problem)
        // The branches of a union each say what they want.
        else if (problem.startsWith('must be ') && !before.includes(problem.slice(8))) {
          found.set(field, `${before} or ${problem.slice(8)}`)
        }
      }
      for (const { keyword, instancePath, params, message } of compiled().Errors(value)) {
        const named = params as Record<string, unknown>
        if (keyword === 'required') {
          for (const name of named.requiredProperties as string[]) add(join(instancePath, name), 'is missing')
        } else if (keyword === 'additionalProperties') {
          for (const name of named.additionalProperties as string[])
            add(join(instancePath, name), 'is unknown here')
        } else {
          const sentence = keyword in sentences ? sentences[keyword]!(named) : message
          if (sentence) add(toField(instancePath), sentence)
        }
      }
      return [...found].slice(0, most).map(([field, problem]) => ({ field: field.slice(0, 100), problem }))
    },
  }
}

/** The value, or `invalid_request` with what is wrong. */
export function demand(validator: Validator, value: unknown): unknown {
  if (validator.check(value)) return value
  throw new KurzpostError('invalid_request', { details: validator.problems(value) })
}

/** Query strings and path parameters know only text: turns it into what the schema asks for, then checks. */
export function demandText(schema: TSchema, validator: Validator, value: unknown): unknown {
  return demand(validator, Value.Convert(schema, Value.Clone(value)))
}
