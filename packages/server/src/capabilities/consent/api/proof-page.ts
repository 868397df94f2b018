import { createHash } from 'node:crypto'
import { type ProofWords, proofWords } from './proof-words.ts'
import type { Proof, ProofEntry } from './prove.ts'

/** A4 on a printer, one column on a phone; no script and nothing from elsewhere. */
const style = `
:root{font:10.5pt/1.45 system-ui,sans-serif;color:#16181d;background:#fff}
body{max-width:48rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.5rem;margin:0 0 .25rem}h2{font-size:1.1rem;margin:2rem 0 .5rem}h3{font-size:1rem;margin:0}
p{margin:.25rem 0}table{border-collapse:collapse;width:100%}
th,td{text-align:left;vertical-align:top;padding:.35rem .5rem .35rem 0;border-bottom:1px solid #c9ccd3}
th{font-weight:600}td:first-child,th:first-child{width:38%}
article{border-top:2px solid #16181d;padding:.75rem 0;break-inside:avoid}
dl{display:grid;grid-template-columns:minmax(8rem,24%) 1fr;gap:.2rem .75rem;margin:.5rem 0 0}
dt{color:#4a4f5a}dd{margin:0;overflow-wrap:anywhere}
blockquote{margin:0;padding:.4rem .6rem;background:#f1f2f4;white-space:pre-wrap}
code{font:9pt/1.4 ui-monospace,monospace;overflow-wrap:anywhere}
.bad{color:#a8071a;font-weight:600}
@media print{body{margin:0;max-width:none}a{color:inherit}}
`
const styleHash = createHash('sha256').update(style).digest('base64')

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const safe = (text: string): string => text.replace(/[&<>"']/g, (sign) => entities[sign]!)

export interface PageOptions {
  language: string
  /** IANA name. */
  zone: string
}

/** The proof as a page to print: body and headers of an answer. */
export function proofPage(
  proof: Proof,
  { language, zone }: PageOptions,
): { body: string; headers: Record<string, string> } {
  const words = proofWords[language === 'de' ? 'de' : 'en']
  const time = (iso: string): string =>
    `<time datetime="${iso}">${safe(
      new Intl.DateTimeFormat(words.locale, { dateStyle: 'long', timeStyle: 'long', timeZone: zone }).format(
        new Date(iso),
      ),
    )}</time>`
  const rows = [
    ...proof.topics.map((topic) => row(topic.name, words.standing[topic.standing])),
    row(words.marketing, words.standing[proof.marketing.standing]),
  ]
  const body = `<!doctype html>
<html lang="${words.lang}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${safe(`${words.title} ${proof.number}`)}</title>
<style>${style}</style></head>
<body>
<header><h1>${safe(words.title)} ${safe(proof.number)}</h1>
<p>${safe(words.of(proof.account.name, proof.account.id))}</p>
<p>${safe(words.made)} ${time(proof.made_at)}</p></header>
<main>
<h2>${safe(words.holds)}</h2>
<table><thead><tr><th scope="col">${safe(words.topic)}</th><th scope="col">${safe(words.state)}</th></tr></thead><tbody>${rows.join('')}</tbody></table>
<h2>${safe(words.history)}</h2>
${proof.whole ? '' : `<p>${safe(words.older)}</p>`}
${proof.entries.length === 0 ? `<p>${safe(words.nothing)}</p>` : proof.entries.map((entry) => article(entry, words, time)).join('\n')}
<h2>${safe(words.chain)}</h2>
<p>${safe(words.chainIs(proof.chain.entries))} <code>${proof.chain.head}</code></p>
<p>${safe(words.key)} <code>${proof.number_key}</code></p>
<h2>${safe(words.verify)}</h2>
<p>${safe(words.verifying)}</p>
</main>
</body>
</html>
`
  return {
    body,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-disposition': `inline; filename="consent-${proof.number.replace(/\D/g, '')}.html"`,
      'content-security-policy': `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
      'referrer-policy': 'no-referrer',
    },
  }
}

const row = (name: string, state: string): string => `<tr><td>${safe(name)}</td><td>${safe(state)}</td></tr>`

/** Verbatim, in quotation of its own. */
const quoted = new Set(['text_shown', 'text_received'])

function article(entry: ProofEntry, words: ProofWords, time: (iso: string) => string): string {
  const about =
    entry.topic_name ??
    (entry.topic !== null ? entry.topic : entry.sender ? words.allFrom(entry.sender) : words.everything)
  const facts: [string, string][] = [
    [words.about, safe(about)],
    [words.how, safe(words.hows[entry.how])],
    ...(entry.via ? [[words.via, safe(entry.via)] as [string, string]] : []),
    ...Object.entries(entry.details ?? {}).map(([name, value]): [string, string] => {
      const text = name === 'said_at' ? time(String(value)) : safe(String(value))
      return [words.details[name] ?? safe(name), quoted.has(name) ? `<blockquote>${text}</blockquote>` : text]
    }),
    ...(entry.details === null ? [[words.person, safe(words.erased)] as [string, string]] : []),
    ...(entry.actor ? [[words.actor, `<code>${safe(entry.actor)}</code>`] as [string, string]] : []),
    ...(entry.message_ids.length > 0
      ? [
          [words.messages, entry.message_ids.map((id) => `<code>${safe(id)}</code>`).join(' ')] as [
            string,
            string,
          ],
        ]
      : []),
    [words.entry, `<code>${safe(entry.id)}</code>`],
    [words.hash, `<code>${entry.hash}</code>`],
    [words.before, `<code>${entry.prev_hash}</code>`],
    [words.content, `<code>${safe(entry.content)}</code>`],
    ...(entry.salt ? [[words.salt, `<code>${entry.salt}</code>`] as [string, string]] : []),
    [
      words.check,
      entry.intact
        ? safe(words.intact)
        : `<span class="bad">${safe(`${words.broken} ${entry.problem}`)}</span>`,
    ],
  ]
  return `<article><h3>${safe(words.acts[entry.act])} · ${time(entry.at)} · ${safe(words.place(entry.seq))}</h3>
<dl>${facts.map(([name, value]) => `<dt>${safe(name)}</dt><dd>${value}</dd>`).join('')}</dl></article>`
}
