import { readFileSync } from 'node:fs'
import { errors } from '../../errors.ts'
import { events } from '../../events.ts'
import { type Html, html, prose } from '../../html.ts'
import type { Reply, Route } from '../../route.ts'
import { docsHeaders } from '../headers.ts'
import type { OpenApiDocument } from '../openapi.ts'
import { apiPage } from './reference.ts'

const style = readFileSync(new URL('./style.css', import.meta.url), 'utf8')

/** The document and the pages made from it: HTML and one style sheet, nothing that runs, nothing from elsewhere. */
export function docsPages(document: OpenApiDocument): Route[] {
  const page = (path: string, title: string, content: Html): Route =>
    file(path, 'text/html; charset=utf-8', frame(title, content).text)
  return [
    file('/openapi.json', 'application/json; charset=utf-8', JSON.stringify(document)),
    file('/docs/style.css', 'text/css; charset=utf-8', style),
    page('/docs', 'API', apiPage(document)),
    page('/docs/errors', 'Errors', errorsPage()),
    page('/docs/events', 'Events', eventsPage()),
  ]
}

function file(path: string, type: string, body: string): Route {
  const answer: Reply = {
    status: 200,
    body,
    headers: { ...docsHeaders, 'content-type': type, 'cache-control': 'no-cache' },
  }
  return { method: 'GET', path, tag: 'Docs', summary: path, responses: {}, handler: () => answer }
}

const frame = (title: string, content: Html): Html => html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Kurzpost</title>
<link rel="stylesheet" href="/docs/style.css">
</head>
<body>
<header><a class="brand" href="/">Kurzpost</a>
<nav aria-label="Pages"><a href="/docs">API</a> <a href="/docs/errors">Errors</a> <a href="/docs/events">Events</a> <a href="/openapi.json">openapi.json</a></nav>
</header>
<main>${content}</main>
</body>
</html>
`

const errorsPage = (): Html => html`<h1>Errors</h1>
<p>Every error has this shape. Programs decide by <code>code</code>, which never changes its meaning;
<code>message</code> is for people.</p>
<pre>{"error": {"code": "invalid_number", "message": "…", "details": {"field": "to"}, "docs": "/docs/errors#invalid_number"}}</pre>
${Object.entries(errors).map(
  ([code, { status, retryable, sentence, advice }]) => html`<section id="${code}">
<h2><code>${code}</code></h2>
<p class="facts">${status === 0 ? 'Why a message failed' : `HTTP ${status}`} · ${retryable ? 'the same request may succeed later' : 'the same request will fail again'}</p>
<p>${prose(sentence)} ${prose(advice)}</p>
</section>`,
)}`

const eventsPage = (): Html => html`<h1>Events</h1>
<p>Webhooks and the stream at <code>/v1/events</code> tell the same events, each written in the transaction of its
change.</p>
${Object.entries(events).map(
  ([name, { meaning, payload }]) => html`<section id="${name}">
<h2><code>${name}</code></h2>
<p>${prose(meaning)}</p>
<p class="facts">Carries ${Object.keys(payload.properties).map((field, at) => html`${at > 0 && ', '}<code>${field}</code>`)}</p>
</section>`,
)}`
