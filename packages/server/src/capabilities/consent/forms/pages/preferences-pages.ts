import { type Html, html } from '../../../../html.ts'
import { mask } from '../../../../mask.ts'
import type { Platform } from '../../../../platform.ts'
import type { Call, Reply, Route } from '../../../../route.ts'
import { topicStanding } from '../../api/json.ts'
import type { NewEntry } from '../../entry.ts'
import type { Register } from '../../register.ts'
import { readSettings } from '../../settings.store.ts'
import { personOf, readHeld } from '../../state.store.ts'
import { livingTopics, type Topic } from '../../topics.store.ts'
import { listForms } from '../form.store.ts'
import type { Link } from '../link.store.ts'
import type { Links } from '../links.ts'
import { agreement } from './form-views.ts'
import { answerWith, goTo, readForm } from './layout.ts'
import { type PageLanguage, type PageStrings, pageLanguage, pageStrings, say } from './strings.ts'

type LinkCall = Call<Buffer, { lang?: string; news?: string }, { token: string }>

/** A topic as its row on the page. */
interface Row {
  topic: Topic
  gets: boolean
  /** A broader no leaves it, and there is no button. */
  fixed: boolean
}

interface Shown {
  link: Link
  name: string
  language: PageLanguage
  rows: readonly Row[]
}

/** `/p/<token>`: what one number gets, changed by one button each. Whoever has the link has had it by SMS to that number. */
export function preferencesPages(
  platform: Platform,
  { links, register }: { links: Links; register: Register },
): Route[] {
  async function show({ params, query, headers }: LinkCall): Promise<Shown | undefined> {
    const link = await links.open(params.token)
    if (!link) return undefined
    const { accountId, number } = link
    const settings = (await readSettings(platform.db, [accountId])).get(accountId)!
    const topics = (await livingTopics(platform.db, [accountId])).get(accountId) ?? []
    const forms = await listForms(platform.db, accountId, null, 200)
    const open = new Set(forms.flatMap(({ enabled, settings: { topics: ids } }) => (enabled ? ids : [])))
    const person = { accountId, numberKey: platform.addressKey(number) }
    const held = (await readHeld(platform.db, [person])).get(personOf(person)) ?? []
    const rows = topics.flatMap((topic): Row[] => {
      const { standing } = topicStanding(held, topic)
      // What is neither offered to everybody nor known to this person is nobody's business here.
      if (!open.has(topic.id) && !held.some((word) => word.topic === topic.id)) return []
      const gets = standing === 'granted' || (standing === 'none' && topic.kind !== 'marketing')
      return [{ topic, gets, fixed: topic.mandatory && gets }]
    })
    const language = pageLanguage(
      query.lang,
      headers['accept-language'],
      topics[0]?.language === 'de' ? 'de' : 'en',
    )
    return { link, name: settings.display_name ?? settings.name, language, rows }
  }

  async function change(shown: Shown, call: LinkCall): Promise<string> {
    const { link, rows, name, language } = shown
    const [act, id] = readForm(call).get('change').split(' ')
    const row = rows.find(({ topic }) => topic.id === id)
    const { visit } = call
    const details = {
      source_address: visit.address,
      ...(visit.agent !== '' && { user_agent: visit.agent }),
      language,
    }
    const entry = { accountId: link.accountId, number: link.number, sender: null, how: 'web_form' as const }
    const t: PageStrings = pageStrings[language]
    const record = (words: Pick<NewEntry, 'act' | 'topic' | 'details'>) =>
      platform.transaction((tx) => register.record(tx, [{ ...entry, ...words }]))
    if (act === 'all') {
      await record({ act: 'withdrawn', topic: null, details: { ...details, text_shown: `[${t.leaveAll}]` } })
      return 'all'
    }
    if (!row || row.fixed) return ''
    const facts = { topic: row.topic.name }
    if (act === 'out') {
      const text_shown = `[${say(t.leave, facts)}]`
      await record({ act: 'withdrawn', topic: row.topic.id, details: { ...details, text_shown } })
      return `out-${row.topic.id}`
    }
    if (act !== 'in') return ''
    const text_shown = `${agreement(row.topic, name, language)}\n[${say(t.join, facts)}]`
    await record({ act: 'granted', topic: row.topic.id, details: { ...details, text_shown } })
    return `in-${row.topic.id}`
  }

  const common = {
    tag: 'Hosted pages',
    path: '/p/:token',
    responses: { 200: { description: 'HTML' } },
  } as const
  return [
    {
      ...common,
      method: 'GET',
      summary: 'What one number gets',
      async handler(call: LinkCall) {
        const shown = await show(call)
        return shown ? preferences(shown, call) : expired(call)
      },
    },
    {
      ...common,
      method: 'POST',
      summary: 'Change what one number gets',
      raw: true,
      bodyLimit: 16_384,
      async handler(call: LinkCall) {
        const shown = await show(call)
        if (!shown) return expired(call)
        if (call.visit.page === 'foreign') return foreign(shown, call)
        const news = await change(shown, call)
        return goTo(`/p/${call.params.token}?lang=${shown.language}${news === '' ? '' : `&news=${news}`}`)
      },
    },
  ]
}

function preferences({ link, name, language, rows }: Shown, { params, query }: LinkCall): Reply {
  const t: PageStrings = pageStrings[language]
  const here = `/p/${params.token}`
  return answerWith({
    ...{ language, name, title: say(t.yours, { name }), here },
    content: html`${newsOf(query.news, rows, t)}
<p>${say(t.forNumber, { number: mask(link.number) })}</p>
<form method="post" action="${here}?lang=${language}">
${rows.length === 0 && html`<p>${t.none}</p>`}
<ul class="topics">${rows.map((row) => rowView(row, t))}</ul>
<button type="submit" class="all" name="change" value="all">${t.leaveAll}</button>
</form>`,
  })
}

function rowView({ topic, gets, fixed }: Row, t: PageStrings): Html {
  const facts = { topic: topic.name }
  const state = fixed ? t.mandatory : gets ? t.getting : t.notGetting
  const button = gets
    ? html`<button type="submit" class="quiet" name="change" value="out ${topic.id}">${say(t.leave, facts)}</button>`
    : html`<button type="submit" name="change" value="in ${topic.id}">${say(t.join, facts)}</button>`
  return html`<li><h2>${topic.name}</h2><p>${state}</p>${!fixed && button}</li>`
}

/** What the last button did. */
function newsOf(news: string | undefined, rows: readonly Row[], t: PageStrings): Html | false {
  const [act = '', ...rest] = (news ?? '').split('-')
  const topic = rows.find((row) => row.topic.id === rest.join('-'))?.topic
  const sentence =
    act === 'all'
      ? t.leftAll
      : topic && (act === 'out' || act === 'in')
        ? say(act === 'out' ? t.left : t.joined, { topic: topic.name })
        : ''
  return sentence !== '' && html`<p class="news" role="status">${sentence}</p>`
}

function expired({ query, headers }: LinkCall): Reply {
  const language = pageLanguage(query.lang, headers['accept-language'], 'en')
  const t = pageStrings[language]
  return answerWith({
    ...{ status: 404, language, name: '', title: t.linkGoneTitle, here: '' },
    content: html`<p>${t.linkGone}</p>`,
  })
}

function foreign({ language, name }: Shown, { params }: LinkCall): Reply {
  const t = pageStrings[language]
  return answerWith({
    ...{ status: 403, language, name, title: t.foreignTitle, here: `/p/${params.token}` },
    content: html`<p>${t.foreign}</p>`,
  })
}
