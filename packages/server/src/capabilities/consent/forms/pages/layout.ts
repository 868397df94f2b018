import { readFileSync } from 'node:fs'
import { type Html, html } from '../../../../html.ts'
import type { Call, Reply, Route } from '../../../../route.ts'
import { type PageLanguage, type PageStrings, pageStrings } from './strings.ts'

const style = readFileSync(new URL('./style.css', import.meta.url), 'utf8')

/**
 * Nothing runs, nothing comes from elsewhere, nobody frames it. The referrer stays for our own pages: without it browsers call
 * the origin of a form “null”, and a form of ours could not be told from a stranger's.
 */
const pageHeaders = {
  'content-security-policy':
    "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'x-frame-options': 'DENY',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  'cache-control': 'no-store',
} as const

export const styleRoute: Route = {
  method: 'GET',
  path: '/f/style.css',
  tag: 'Hosted pages',
  summary: 'Style of the hosted pages',
  responses: { 200: { description: 'CSS' } },
  handler: () => ({
    status: 200,
    body: style,
    headers: {
      ...pageHeaders,
      'content-type': 'text/css; charset=utf-8',
      'cache-control': 'public, max-age=3600',
    },
  }),
}

export interface Page {
  status?: number
  language: PageLanguage
  /** Of the account; empty where there is none. */
  name: string
  title: string
  /** The address of this page in the other language. */
  here: string
  content: Html
  problem?: boolean
  /** May be found by search engines. */
  listed?: boolean
}

/** A whole page as an answer. */
export function answerWith({
  status = 200,
  language,
  name,
  title,
  here,
  content,
  problem,
  listed,
}: Page): Reply {
  const t: PageStrings = pageStrings[language]
  const other = language === 'de' ? 'en' : 'de'
  const page = html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${problem && t.problemPrefix}${title}${name !== '' && ` · ${name}`}</title>
<link rel="stylesheet" href="/f/style.css">
</head>
<body>
<header><p>${name}</p><nav aria-label="${t.language}"><a href="${here}?lang=${other}" lang="${other}" hreflang="${other}">${t.other}</a></nav></header>
<main>
<h1>${title}</h1>
${content}
</main>
</body>
</html>
`
  return {
    status,
    body: page.text,
    headers: {
      ...pageHeaders,
      'content-type': 'text/html; charset=utf-8',
      'content-language': language,
      ...(!listed && { 'x-robots-tag': 'noindex' }),
    },
  }
}

/** On to another page, by GET: reloading it sends nothing twice. */
export const goTo = (path: string): Reply => ({
  status: 303,
  body: '',
  headers: { ...pageHeaders, location: path, 'content-type': 'text/html; charset=utf-8' },
})

/** What was sent is named by its fields' ids; `''` is about the whole. */
export type Problems = Readonly<Record<string, string>>

/** What is wrong, all at once and first of all, with links to the fields. */
export const problemList = (t: PageStrings, problems: Problems): Html | false => {
  const entries = Object.entries(problems)
  return (
    entries.length > 0 &&
    html`<div class="problem" role="alert"><h2>${t.problemTitle}</h2><ul>${entries.map(([field, sentence]) =>
      field === '' ? html`<li>${sentence}.</li>` : html`<li><a href="#${field}">${sentence}.</a></li>`,
    )}</ul></div>`
  )
}

export interface Field {
  id: string
  type: 'tel' | 'text'
  label: string
  hint?: string
  value?: string
  autocomplete: string
  mode: 'tel' | 'numeric'
  problem?: string | undefined
}

/** A field with its label, its hint and what is wrong with it, all tied to it for those who hear the page. */
export function field({ id, type, label, hint, value = '', autocomplete, mode, problem }: Field): Html {
  const described = [hint && `${id}-hint`, problem && `${id}-problem`].filter(Boolean).join(' ')
  return html`<div class="field"><label for="${id}">${label}</label>
${hint && html`<p class="hint" id="${id}-hint">${hint}</p>`}
${problem && html`<p class="wrong" id="${id}-problem">${problem}.</p>`}
<input type="${type}" id="${id}" name="${id}" value="${value}" autocomplete="${autocomplete}" inputmode="${mode}" required${
    described !== '' &&
    html`
aria-describedby="${described}"`
  }${problem && html` aria-invalid="true"`}></div>`
}

/** Fields of a form as a browser sends them; the first value of a name, but all of `topic`. */
export function readForm({ body, headers }: Pick<Call, 'body' | 'headers'>): {
  get(name: string): string
  topics: string[]
} {
  const isForm = headers['content-type']?.startsWith('application/x-www-form-urlencoded')
  const fields = new URLSearchParams(isForm && Buffer.isBuffer(body) ? body.toString('utf8') : '')
  const clean = (text: string) => text.replaceAll('\0', '').toWellFormed()
  return {
    get: (name) => clean(fields.get(name) ?? '').slice(0, 200),
    topics: fields.getAll('topic').slice(0, 50),
  }
}
