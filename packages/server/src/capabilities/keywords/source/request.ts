import { fillTemplate, parseTemplate, type TemplateValues } from '@kurzpost/gsm'
import type { SourceSettings } from '../service.ts'
import { fillTree } from './tree.ts'

export interface SourceRequest {
  readonly method: 'GET' | 'POST'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
}

/** A URL with each value encoded, so that it stays the part of the address that it stands in. */
const fillUrl = (template: string, textOf: (name: string) => string): string =>
  parseTemplate(template)
    .map((part) => (typeof part === 'string' ? part : encodeURIComponent(textOf(part.placeholder))))
    .join('')

/** The address with something harmless for each placeholder: what a guard can judge. */
export const exampleUrl = (template: string): string => fillUrl(template, () => 'x')

const fixedHost = /^https?:\/\/[^/?#{}]+[/?]/i
/** Whether placeholders stand behind the host only: whom we ask is never what a phone says. */
export const hasFixedHost = (template: string): boolean =>
  fixedHost.test(template) || !template.includes('{{')

const steps = (url: URL): number => url.pathname.split('/').length

/**
 * The request for what somebody asked. Undefined where their words would lead elsewhere: `..` stays a step up however it
 * is encoded (URL Standard, "double-dot path segment").
 */
export function buildRequest(
  source: SourceSettings,
  secrets: Readonly<Record<string, string>>,
  values: TemplateValues,
): SourceRequest | undefined {
  const url = new URL(
    fillUrl(source.url, (name) => fillTemplate([{ placeholder: name }], values).toWellFormed()),
  )
  const example = new URL(exampleUrl(source.url))
  if (url.origin !== example.origin || steps(url) !== steps(example)) return undefined
  const headers: Record<string, string> = {
    accept: 'application/json, text/plain;q=0.5',
    'user-agent': 'Kurzpost',
  }
  for (const { name, value } of source.headers) {
    const filled = value ?? secrets[name]
    if (filled !== undefined) headers[name.toLowerCase()] = filled
  }
  const body =
    source.method === 'POST' && source.body !== undefined
      ? JSON.stringify(fillTree(source.body, values))
      : null
  if (body !== null) headers['content-type'] ??= 'application/json'
  return { method: source.method, url: url.href, headers, body }
}
