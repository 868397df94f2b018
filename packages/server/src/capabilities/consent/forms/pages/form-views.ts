import { type Html, html } from '../../../../html.ts'
import type { Topic } from '../../topics.store.ts'
import type { Form } from '../form.store.ts'
import { field, type Problems, problemList } from './layout.ts'
import { type PageLanguage, type PageStrings, pageStrings, say } from './strings.ts'

/** A form as somebody sees it. */
export interface Shown {
  form: Form
  /** How the account is called. */
  name: string
  /** Living ones, in the form's order. */
  topics: readonly Topic[]
  language: PageLanguage
  /** A number that looks like those of the form's country. */
  example: string
}

/** What was typed, to be typed only once. */
export interface Typed {
  number: string
  topics: readonly string[]
}

const inLanguage = (words: Readonly<Record<string, string>>, language: PageLanguage): string =>
  words[language] || words.de || words.en || ''

export const titleOf = ({ form, name, language }: Shown): string =>
  inLanguage(form.settings.title, language) || say(pageStrings[language].title, { name })

/** What somebody agrees to by a topic's box: the account's own words, or ours. */
export const agreement = (topic: Topic, name: string, language: PageLanguage): string =>
  say(topic.texts.opt_in?.[language] ?? pageStrings[language].agree, { name, topic: topic.name })

/** All that somebody read who signed up for these topics: what the ledger keeps. */
export function textShown(shown: Shown, chosen: readonly Topic[]): string {
  const { form, name, language } = shown
  const t = pageStrings[language]
  return [
    titleOf(shown),
    inLanguage(form.settings.intro, language),
    ...chosen.map((topic) => `[x] ${agreement(topic, name, language)}`),
    t.legal,
    form.settings.privacy_url && `${t.privacy}: ${form.settings.privacy_url}`,
    `[${t.submit}]`,
  ]
    .filter(Boolean)
    .join('\n')
}

/** Boxes are empty until somebody ticks them: a tick of ours would be no consent. */
export function formView(
  shown: Shown,
  { stamp, typed, problems }: { stamp: string; typed: Typed; problems: Problems },
): Html {
  const { form, topics, language, example, name } = shown
  const t: PageStrings = pageStrings[language]
  const intro = inLanguage(form.settings.intro, language)
  return html`${problemList(t, problems)}
${intro !== '' && html`<p>${intro}</p>`}
<form method="post" action="/f/${form.slug}?lang=${language}" novalidate>
<input type="hidden" name="stamp" value="${stamp}">
${field({ id: 'number', type: 'tel', label: t.number, hint: say(t.numberHint, { example }), value: typed.number, autocomplete: 'tel', mode: 'tel', problem: problems.number })}
<fieldset${problems.topic0 !== undefined && html` aria-describedby="topics-problem"`}><legend>${t.topics}</legend>
${problems.topic0 !== undefined && html`<p class="wrong" id="topics-problem">${problems.topic0}.</p>`}
${topics.map(
  (
    topic,
    at,
  ) => html`<div class="choice"><input type="checkbox" id="topic${at}" name="topic" value="${topic.id}"${typed.topics.includes(topic.id) && html` checked`}>
<label for="topic${at}">${agreement(topic, name, language)}</label></div>`,
)}</fieldset>
<div class="trap" aria-hidden="true"><label for="website">${t.trap}</label><input type="text" id="website" name="website" tabindex="-1" autocomplete="off"></div>
<p class="legal">${t.legal}${form.settings.privacy_url !== null && html` <a href="${form.settings.privacy_url}" rel="noopener">${t.privacy}</a>`}</p>
<button type="submit">${t.submit}</button>
</form>
<p><a href="/f/${form.slug}/preferences?lang=${language}">${t.managing}</a></p>`
}

export function codeView(
  { form, language }: Shown,
  options: { token: string; replies: boolean; asked: boolean; problems: Problems },
): Html {
  const { token, replies, asked, problems } = options
  const t: PageStrings = pageStrings[language]
  const here = `/f/${form.slug}/code/${token}`
  return html`${problemList(t, problems)}
${asked && html`<p class="news" role="status">${t.waiting}</p>`}
<p>${replies ? t.checkReply : t.checkCode}</p>
<form method="post" action="${here}?lang=${language}" novalidate>
${field({ id: 'code', type: 'text', label: t.code, autocomplete: 'one-time-code', mode: 'numeric', problem: problems.code })}
<button type="submit">${t.confirm}</button>
</form>
${replies && html`<p><a href="${here}?lang=${language}&amp;asked=1">${t.answered}</a></p>`}
<p><a href="/f/${form.slug}?lang=${language}">${t.again}</a></p>`
}

export function askLinkView(
  { form, language, example }: Shown,
  { stamp, typed, problems }: { stamp: string; typed: string; problems: Problems },
): Html {
  const t: PageStrings = pageStrings[language]
  return html`${problemList(t, problems)}
<p>${t.manage}</p>
<form method="post" action="/f/${form.slug}/preferences?lang=${language}" novalidate>
<input type="hidden" name="stamp" value="${stamp}">
${field({ id: 'number', type: 'tel', label: t.number, hint: say(t.numberHint, { example }), value: typed, autocomplete: 'tel', mode: 'tel', problem: problems.number })}
<div class="trap" aria-hidden="true"><label for="website">${t.trap}</label><input type="text" id="website" name="website" tabindex="-1" autocomplete="off"></div>
<button type="submit">${t.send}</button>
</form>
<p><a href="/f/${form.slug}?lang=${language}">${t.back}</a></p>`
}
