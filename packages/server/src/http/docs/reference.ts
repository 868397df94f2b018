import { type Html, html, prose } from '../../html.ts'
import type { Answer, JsonSchema, OpenApiDocument, Operation } from '../openapi.ts'

/** The whole API on one page, from the OpenAPI document. */
export function apiPage(document: OpenApiDocument): Html {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  )
  return html`<h1>The Kurzpost API <small>${document.info.version}</small></h1>
<p>${prose(document.info.description)}</p>
<pre>curl http://127.0.0.1:7678/v1/messages \\
  -H 'Authorization: Bearer <var>key</var>' -H 'Content-Type: application/json' \\
  -d '{"to": "+4915123456789", "text": "Your parcel is here."}'</pre>
<nav class="contents" aria-label="Addresses">${document.tags.map(
    ({ name }) =>
      html`<h2>${name}</h2><ul>${operations
        .filter(({ operation }) => operation.tags.includes(name))
        .map(
          ({ path, method, operation }) =>
            html`<li><a href="#${operation.operationId}"><b>${method}</b> <code>${path}</code></a> <span>${operation.summary}</span></li>`,
        )}</ul>`,
  )}</nav>
${document.tags.map(
  ({
    name,
    description,
  }) => html`<h2 class="tag">${name}</h2>${description && html`<p>${prose(description)}</p>`}
${operations.filter(({ operation }) => operation.tags.includes(name)).map((entry) => operationSection(entry, document.components.schemas))}`,
)}
<h2 class="tag">Shapes</h2>
${Object.entries(document.components.schemas).map(
  ([name, schema]) => html`<section id="${name}"><h3>${name}</h3>${schemaView(schema)}</section>`,
)}`
}

interface Entry {
  path: string
  method: string
  operation: Operation
}

function operationSection({ path, method, operation }: Entry, named: Record<string, JsonSchema>): Html {
  const [security] = operation.security
  const scope = security?.key?.[0]
  const body = operation.requestBody?.content['application/json']?.schema
  return html`<section id="${operation.operationId}">
<h3><b>${method}</b> <code>${path}</code></h3>
<p>${prose(operation.summary)}.${operation.description && html` ${prose(operation.description)}`}</p>
<p class="facts">${security ? (scope ? html`Key with the scope <code>${scope}</code>` : 'Any key') : 'No key'}</p>
${
  operation.parameters &&
  html`<h4>Parameters</h4>${table(
    operation.parameters.map(({ name, in: place, required, description, schema }) => ({
      name,
      required,
      note: place === 'path' ? '' : place,
      schema,
      description,
    })),
  )}`
}
${body && html`<h4>Body</h4>${schemaView(resolve(body, named))}`}
<h4>Answers</h4>
${Object.entries(operation.responses).map(([status, answer]) => answerView(status, answer))}
</section>`
}

/** The schema that a reference means. */
const resolve = (schema: JsonSchema, named: Record<string, JsonSchema>): JsonSchema =>
  typeof schema.$ref === 'string' ? (named[schema.$ref.split('/').at(-1)!] ?? schema) : schema

function answerView(status: string, { description, content }: Answer): Html {
  const schema = content?.['application/json']?.schema
  const shape = schema && typeof schema.$ref === 'string' ? typeView(schema) : undefined
  return html`<p><b>${status}</b> ${prose(description)}${shape && html`: ${shape}`}</p>${schema && !shape && schemaView(schema)}`
}

interface Row {
  name: string
  required: boolean
  note?: string
  schema: JsonSchema
  description?: string | undefined
}

const table = (
  rows: Row[],
): Html => html`<div class="scroll"><table><thead><tr><th>Field</th><th>Type</th><th>Meaning</th></tr></thead><tbody>
${rows.map(
  ({ name, required, note, schema, description }) =>
    html`<tr><td><code>${name}</code>${required && html` <em>required</em>`}${note && html` <small>${note}</small>`}</td><td>${typeView(schema)}</td><td>${prose(description ?? String(schema.description ?? ''))}${limits(schema)}</td></tr>`,
)}
</tbody></table></div>`

function schemaView(schema: JsonSchema): Html {
  const { properties, required = [] } = schema as {
    properties?: Record<string, JsonSchema>
    required?: string[]
  }
  if (!properties) return html`<p>${typeView(schema)}${limits(schema)}</p>`
  return table(
    Object.entries(properties).map(([name, property]) => ({
      name,
      required: required.includes(name),
      schema: property,
    })),
  )
}

const values = (list: readonly unknown[]): Html =>
  html`${list.map((value, at) => html`${at > 0 && ' | '}<code>${JSON.stringify(value)}</code>`)}`

/** A schema in a few words. */
function typeView(schema: JsonSchema): Html {
  const {
    $ref,
    anyOf,
    enum: allowed,
    const: only,
    type,
    items,
    format,
    properties,
  } = schema as {
    $ref?: string
    anyOf?: JsonSchema[]
    enum?: unknown[]
    const?: unknown
    type?: string
    items?: JsonSchema
    format?: string
    properties?: Record<string, JsonSchema>
  }
  if ($ref) {
    const name = $ref.split('/').at(-1)!
    return html`<a href="#${name}">${name}</a>`
  }
  if (anyOf) return html`${anyOf.map((branch, at) => html`${at > 0 && ' | '}${typeView(branch)}`)}`
  if (allowed) return values(allowed)
  if (only !== undefined) return values([only])
  if (type === 'array') return html`list of ${typeView(items ?? {})}`
  if (properties) {
    const inner = Object.entries(properties)
    return html`{ ${inner.map(([name, property], at) => html`${at > 0 && ', '}<code>${name}</code>: ${typeView(property)}`)} }`
  }
  if (format === 'date-time') return html`time`
  return html`${type ?? 'any'}`
}

const limitWords: Record<string, (limit: unknown) => string> = {
  minLength: (limit) => `at least ${limit} characters`,
  maxLength: (limit) => `at most ${limit} characters`,
  minimum: (limit) => `from ${limit}`,
  maximum: (limit) => `to ${limit}`,
  maxItems: (limit) => `at most ${limit}`,
  default: (value) => `default ${JSON.stringify(value)}`,
}

function limits(schema: JsonSchema): Html {
  const words = Object.entries(limitWords)
    .filter(([keyword]) => schema[keyword] !== undefined)
    .map(([keyword, word]) => word(schema[keyword]))
  return html`${words.length > 0 && html` <small>${words.join(', ')}</small>`}`
}
