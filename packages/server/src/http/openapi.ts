import type { TSchema } from 'typebox'
import type { Route } from '../route.ts'

export interface OpenApiDocument {
  openapi: '3.1.0'
  info: { title: string; version: string; description: string; license: { name: string; identifier: string } }
  tags: { name: string; description?: string }[]
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, JsonSchema>; securitySchemes: Record<string, unknown> }
}

export interface Operation {
  operationId: string
  summary: string
  description?: string
  tags: string[]
  security: Record<string, string[]>[]
  parameters?: Parameter[]
  requestBody?: { required: boolean; content: Record<string, { schema: JsonSchema }> }
  responses: Record<string, Answer>
}

export interface Parameter {
  name: string
  in: 'path' | 'query' | 'header'
  required: boolean
  description?: string
  schema: JsonSchema
}

export interface Answer {
  description: string
  content?: Record<string, { schema: JsonSchema }>
}

/** JSON Schema 2020-12, which OpenAPI 3.1 takes as it is. */
export type JsonSchema = { [keyword: string]: unknown }

const tagTexts: Record<string, string> = {
  Messages: 'Send texts, read what went out and what came in.',
  Text: 'What a text becomes on the air.',
  Keys: 'API keys: shown once, stored as a hash.',
  Webhooks: 'Events, signed and sent to your URL until it answers.',
  Events: 'The same events as a stream.',
  Carriers: 'Connections that take messages, with their links; changed while everything runs.',
  Routes: 'Rules that offer carriers to messages, and what follows from them.',
  'Rate limits': 'Segments a second that the account or a sender may send.',
  Consent: 'Who agreed to what and who said no, with its proof; hours, caps, and sign-ups by SMS.',
  'Hosted pages': 'HTML for people, without a key: sign-up forms, and what one number gets.',
  Server: 'About this server.',
  Sandbox: 'The virtual handsets, in sandbox mode only.',
}

const problem: JsonSchema = {
  type: 'object',
  required: ['error'],
  properties: {
    error: {
      type: 'object',
      required: ['code', 'message', 'docs'],
      properties: {
        code: { type: 'string', description: 'Stable: programs decide by it.' },
        message: { type: 'string', description: 'What happened, and what to do.' },
        details: { description: 'What exactly; for invalid_request a list of {field, problem}.' },
        docs: { type: 'string', description: 'Where the code is explained.' },
      },
    },
  },
}

/** The API as one OpenAPI 3.1 document, from the routes and nothing else. */
export function openApiDocument(routes: readonly Route[], { version }: { version: string }): OpenApiDocument {
  const schemas: Record<string, JsonSchema> = { Error: problem }
  const paths: OpenApiDocument['paths'] = {}
  for (const route of routes) {
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}')
    paths[path] ??= {}
    paths[path][route.method.toLowerCase()] = operation(route, schemas)
  }
  const tags = [...new Set(routes.map((route) => route.tag))]
  return {
    openapi: '3.1.0',
    info: {
      title: 'Kurzpost',
      version,
      description:
        'Send and receive SMS. Every request carries `Authorization: Bearer <API key>`. Times are ISO 8601 in UTC, ' +
        'ids are text with a prefix that names the thing. Every error has the same shape and a stable code.',
      license: { name: 'Apache License 2.0', identifier: 'Apache-2.0' },
    },
    tags: tags.map((name) => ({ name, ...(tagTexts[name] ? { description: tagTexts[name] } : {}) })),
    paths,
    components: {
      schemas,
      securitySchemes: {
        key: { type: 'http', scheme: 'bearer', description: 'An API key, `kp_…`.' },
      },
    },
  }
}

function operation(route: Route, schemas: Record<string, JsonSchema>): Operation {
  const name = (schema: TSchema) => hoist(schema, schemas)
  const parameters = [
    ...parametersOf('path', route.params ?? pathSchema(route.path), name),
    ...parametersOf('query', route.query, name),
    ...parametersOf('header', route.headers, name),
  ]
  const answers = Object.entries(route.responses).map(([status, answer]) => [status, answerOf(answer, name)])
  return {
    operationId: operationId(route),
    summary: route.summary,
    ...(route.description ? { description: route.description } : {}),
    tags: [route.tag],
    // OpenAPI has no scopes for bearer tokens; 3.1 lets the list name them all the same.
    security: route.scope === undefined ? [] : [{ key: route.scope === 'any' ? [] : [route.scope] }],
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(route.body
      ? { requestBody: { required: true, content: { 'application/json': { schema: name(route.body) } } } }
      : {}),
    responses: {
      ...Object.fromEntries(answers),
      default: {
        description: 'An error',
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
      },
    },
  }
}

function answerOf(answer: Route['responses'][number], name: (schema: TSchema) => JsonSchema): Answer {
  const { description, contentType, ...rest } = answer as JsonSchema & {
    description?: string
    contentType?: string
  }
  const isSchema = Object.keys(rest).length > 0
  if (!isSchema) return { description: description ?? '' }
  const schema = name(answer as TSchema)
  return { description: description ?? 'Done', content: { 'application/json': { schema } } }
}

function parametersOf(
  place: Parameter['in'],
  schema: TSchema | undefined,
  name: (schema: TSchema) => JsonSchema,
): Parameter[] {
  const { properties = {}, required = [] } = (schema ?? {}) as {
    properties?: Record<string, TSchema & { description?: string }>
    required?: string[]
  }
  return Object.entries(properties).map(([key, property]) => ({
    name: key,
    in: place,
    required: place === 'path' || required.includes(key),
    ...(property.description ? { description: property.description } : {}),
    schema: name(property),
  }))
}

/** A route that declares no schema for its path still has the parameters that the path names. */
function pathSchema(path: string): TSchema | undefined {
  const names = [...path.matchAll(/:(\w+)/g)].map((match) => match[1]!)
  if (names.length === 0) return undefined
  return {
    type: 'object',
    properties: Object.fromEntries(names.map((name) => [name, { type: 'string' }])),
  } as TSchema
}

/** `GET /v1/messages/:id` is `get_messages_id`: stable, for generated clients. */
const operationId = ({ method, path }: Route): string =>
  [method.toLowerCase(), ...path.split(/[^A-Za-z0-9]+/).filter((part) => part && part !== 'v1')].join('_')

/** A copy of the schema in which everything with a `title` has become a named component. */
function hoist(schema: unknown, schemas: Record<string, JsonSchema>): JsonSchema {
  if (Array.isArray(schema)) return schema.map((item) => hoist(item, schemas)) as unknown as JsonSchema
  if (typeof schema !== 'object' || schema === null) return schema as unknown as JsonSchema
  const copy: JsonSchema = {}
  for (const [keyword, value] of Object.entries(schema)) copy[keyword] = hoist(value, schemas)
  const { title } = copy
  if (typeof title !== 'string') return copy
  schemas[title] = copy
  return { $ref: `#/components/schemas/${title}` }
}
