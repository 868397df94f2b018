import { type CountryCode, getExampleNumber } from 'libphonenumber-js/max'
import examples from 'libphonenumber-js/mobile/examples'
import { KurzpostError } from '../../../../errors.ts'
import { html } from '../../../../html.ts'
import { normalizeRecipient } from '../../../../message/address.ts'
import type { Platform } from '../../../../platform.ts'
import type { Call, Reply, Route } from '../../../../route.ts'
import { placeOf } from '../../rules/place.ts'
import { readSettings } from '../../settings.store.ts'
import { personOf, readHeld } from '../../state.store.ts'
import { topicsByIds } from '../../topics.store.ts'
import { findFormBySlug } from '../form.store.ts'
import type { Links } from '../links.ts'
import { sendPreferences } from '../send-preferences.ts'
import { findSignUp } from '../sign-up.store.ts'
import type { SignUps } from '../sign-up.ts'
import { takesReplies } from '../sign-up-texts.ts'
import type { Throttle } from '../throttle.ts'
import { createStamps, createTokens } from '../tokens.ts'
import { askLinkView, codeView, formView, type Shown, type Typed, textShown, titleOf } from './form-views.ts'
import { answerWith, goTo, type Problems, readForm } from './layout.ts'
import { type PageLanguage, pageLanguage, pageStrings, say } from './strings.ts'

type FormCall = Call<Buffer, { lang?: string; asked?: string }, { slug: string; token?: string }>

/** A page may lie open over lunch. */
const stampMs = 4 * 3_600_000
/** A link that somebody asked for on a page is for now. */
const linkMs = 24 * 3_600_000

/** `/f/<slug>`: sign-up, its confirmation by code, and the way to one's preferences. */
export function formPages(
  platform: Platform,
  { signUps, links, throttle }: { signUps: SignUps; links: Links; throttle: Throttle },
): Route[] {
  const stamps = createStamps(() => platform.keyed('form'))
  const tokens = createTokens(() => platform.keyed('sign_up'))
  const common = { tag: 'Hosted pages', responses: { 200: { description: 'HTML' } } } as const

  async function show({ params, query, headers }: FormCall): Promise<Shown | undefined> {
    const form = /^[a-z0-9-]{3,50}$/.test(params.slug)
      ? await findFormBySlug(platform.db, params.slug)
      : undefined
    if (!form?.enabled) return undefined
    const { account_id: accountId, settings } = form
    const known = (await readSettings(platform.db, [accountId])).get(accountId)!
    const found = await topicsByIds(
      platform.db,
      settings.topics.map((id) => ({ accountId, id })),
    )
    const topics = settings.topics.flatMap((id) => found.get(accountId + id) ?? [])
    return {
      form,
      name: known.display_name ?? known.name,
      topics: topics.filter(({ archived_at }) => archived_at === null),
      language: pageLanguage(query.lang, headers['accept-language'], settings.language),
      example: exampleOf(settings.countries[0] ?? platform.numbers.country),
    }
  }

  /** Finds the form, and refuses what a stranger's page has sent in a visitor's name. */
  const page =
    (view: (shown: Shown, call: FormCall) => Promise<Reply> | Reply) =>
    async (call: FormCall): Promise<Reply> => {
      const shown = await show(call)
      if (!shown) return nothing(call)
      if (Buffer.isBuffer(call.body) && call.visit.page === 'foreign') return foreign(shown)
      return view(shown, call)
    }

  const emptyForm = { typed: { number: '', topics: [] }, problems: {} }
  function formPage(
    shown: Shown,
    { typed, problems }: { typed: Typed; problems: Problems } = emptyForm,
    status = 200,
  ): Reply {
    const { form, language, name } = shown
    return answerWith({
      ...{ status, language, name, title: titleOf(shown), here: `/f/${form.slug}`, listed: true },
      problem: Object.keys(problems).length > 0,
      content: formView(shown, { stamp: stamps.stamp(form.slug, platform.now()), typed, problems }),
    })
  }

  /** E.164, or what is wrong with what was typed. */
  function readNumber(
    { form, language, example }: Shown,
    typed: string,
  ): { number: string } | { problem: string } {
    const t = pageStrings[language]
    const { countries } = form.settings
    if (typed.trim() === '') return { problem: say(t.noNumber, { example }) }
    const country = countries[0] ?? platform.numbers.country
    const number = normalizeRecipient(typed, { ...platform.numbers, country })
    if (number === undefined) return { problem: t.badNumber }
    const from = placeOf(number).countries
    if (countries.length > 0 && !from.some((each) => countries.includes(each)))
      return { problem: t.badCountry }
    return { number }
  }

  /** What a page says about an error of ours, and with which status; others are thrown on. */
  function problemOf(error: unknown, language: PageLanguage): { problems: Problems; status: number } {
    if (!(error instanceof KurzpostError)) throw error
    const t = pageStrings[language]
    const known: Partial<Record<string, [Problems, number]>> = {
      consent_throttled: [{ '': t.throttled }, 429],
      invalid_number: [{ number: t.badNumber }, 422],
      consent_sign_up_failed: [{ '': t.failed }, 502],
      consent_topic_unknown: [{ '': t.stale }, 422],
      consent_code_wrong: [{ code: t.badCode }, 422],
      consent_sign_up_ended: [{ '': t.ended }, 410],
    }
    const found = known[error.code]
    if (!found) throw error
    const [problems, status] = found
    return { problems, status }
  }

  async function submit(shown: Shown, call: FormCall): Promise<Reply> {
    const { form, language, topics } = shown
    const t = pageStrings[language]
    const sent = readForm(call)
    const typed = { number: sent.get('number'), topics: sent.topics }
    const chosen = topics.filter(({ id }) => typed.topics.includes(id))
    const read = readNumber(shown, typed.number)
    const problems: Record<string, string> = {
      ...(!stamps.isFresh(form.slug, sent.get('stamp'), platform.now(), stampMs) && { '': t.stale }),
      ...('problem' in read && { number: read.problem }),
      ...(chosen.length === 0 && { topic0: t.noTopic }),
    }
    if ('problem' in read || Object.keys(problems).length > 0)
      return formPage(shown, { typed, problems }, 422)
    // Who fills in what nobody sees gets the page that everybody gets, and no text is sent.
    if (sent.get('website') !== '')
      return goTo(`/f/${form.slug}/code/${tokens.sign(platform.id())}?lang=${language}`)
    try {
      const { id } = await signUps.start(
        {
          ...{ accountId: form.account_id, number: read.number, topics: chosen.map((topic) => topic.id) },
          ...{ how: 'web_form', language, sender: form.settings.sender },
          expiresMs: form.settings.expires_hours * 3_600_000,
          details: { ...visitOf(call), text_shown: textShown(shown, chosen) },
        },
        { address: call.visit.address, form: form.id },
      )
      return goTo(`/f/${form.slug}/code/${tokens.sign(id)}?lang=${language}`)
    } catch (error) {
      const { problems, status } = problemOf(error, language)
      return formPage(shown, { typed, problems }, status)
    }
  }

  async function codePage(
    shown: Shown,
    { params, query }: FormCall,
    problems: Problems = {},
    status = 200,
  ): Promise<Reply> {
    const { form, language, name } = shown
    const token = params.token!
    const id = tokens.read(token)
    if (id === undefined) return goTo(`/f/${form.slug}?lang=${language}`)
    const signUp = await findSignUp(platform.db, id, { accountId: form.account_id })
    if (signUp?.state === 'granted') return goTo(`/f/${form.slug}/done?lang=${language}`)
    const sender = signUp ? signUp.sender : (form.settings.sender ?? shown.topics[0]?.sender ?? null)
    return answerWith({
      ...{ status, language, name, title: pageStrings[language].checkTitle },
      here: `/f/${form.slug}/code/${token}`,
      problem: Object.keys(problems).length > 0,
      content: codeView(shown, {
        token,
        replies: takesReplies(sender),
        asked: query.asked === '1',
        problems,
      }),
    })
  }

  async function enterCode(shown: Shown, call: FormCall): Promise<Reply> {
    const { form, language } = shown
    const id = tokens.read(call.params.token!)
    const code = readForm(call).get('code')
    try {
      await throttle.demand({ address: call.visit.address })
      if (id === undefined || !(await findSignUp(platform.db, id, { accountId: form.account_id })))
        throw new KurzpostError('consent_code_wrong')
      await signUps.confirm(
        id,
        code,
        { ...visitOf(call), text_received: 'The code was entered.' },
        { accountId: form.account_id },
      )
      return goTo(`/f/${form.slug}/done?lang=${language}`)
    } catch (error) {
      const { problems, status } = problemOf(error, language)
      return codePage(shown, call, problems, status)
    }
  }

  function askLinkPage(shown: Shown, typed = '', problems: Problems = {}, status = 200): Reply {
    const { form, language, name } = shown
    return answerWith({
      ...{
        status,
        language,
        name,
        title: pageStrings[language].manageTitle,
        here: `/f/${form.slug}/preferences`,
      },
      problem: Object.keys(problems).length > 0,
      content: askLinkView(shown, { stamp: stamps.stamp(form.slug, platform.now()), typed, problems }),
    })
  }

  /** Only to numbers that have ever said something here: nobody else's phone rings. The page says the same in either case. */
  async function askLink(shown: Shown, call: FormCall): Promise<Reply> {
    const { form, language, name } = shown
    const t = pageStrings[language]
    const sent = readForm(call)
    const read = readNumber(shown, sent.get('number'))
    if ('problem' in read) return askLinkPage(shown, sent.get('number'), { number: read.problem }, 422)
    if (!stamps.isFresh(form.slug, sent.get('stamp'), platform.now(), stampMs))
      return askLinkPage(shown, sent.get('number'), { '': t.stale }, 422)
    const done = answerWith({
      ...{ language, name, title: t.sentTitle, here: `/f/${form.slug}/preferences` },
      content: html`<p role="status">${t.sent}</p><p><a href="/f/${form.slug}?lang=${language}">${t.back}</a></p>`,
    })
    if (sent.get('website') !== '') return done
    try {
      const { number } = read
      const { account_id: accountId } = form
      await throttle.demand({ address: call.visit.address, form: form.id, number })
      const person = { accountId, numberKey: platform.addressKey(number) }
      if (!(await readHeld(platform.db, [person])).has(personOf(person))) return done
      await platform.transaction(async (tx) => {
        const link = await links.create(tx, { accountId, number, validMs: linkMs })
        const sender = form.settings.sender ?? shown.topics[0]?.sender ?? null
        await sendPreferences(platform, tx, { accountId, number, link, language, sender })
      })
      return done
    } catch (error) {
      const { problems, status } = problemOf(error, language)
      return askLinkPage(shown, sent.get('number'), problems, status)
    }
  }

  function donePage({ form, language, name }: Shown): Reply {
    const t = pageStrings[language]
    return answerWith({
      ...{ language, name, title: t.doneTitle, here: `/f/${form.slug}/done` },
      content: html`<p role="status">${say(t.done, { name })}</p><p><a href="/f/${form.slug}/preferences?lang=${language}">${t.managing}</a></p>`,
    })
  }

  const get = (path: string, summary: string, view: Parameters<typeof page>[0]): Route => ({
    ...{ ...common, method: 'GET', path, summary, handler: page(view) },
  })
  const post = (path: string, summary: string, view: Parameters<typeof page>[0]): Route => ({
    ...{ ...common, method: 'POST', path, summary, handler: page(view), raw: true, bodyLimit: 16_384 },
  })
  return [
    get('/f/:slug', 'A sign-up form', (shown) => formPage(shown)),
    post('/f/:slug', 'Sign up: a text asks the number to confirm', submit),
    get('/f/:slug/code/:token', 'Where the code from the text is entered', (shown, call) =>
      codePage(shown, call),
    ),
    post('/f/:slug/code/:token', 'Confirm by the code', enterCode),
    get('/f/:slug/done', 'Signed up', donePage),
    get('/f/:slug/preferences', 'Where a link to one’s preferences is asked for', (shown) =>
      askLinkPage(shown),
    ),
    post('/f/:slug/preferences', 'Send a link to one’s preferences by SMS', askLink),
  ]
}

const visitOf = ({ visit }: FormCall) => ({
  source_address: visit.address,
  ...(visit.agent !== '' && { user_agent: visit.agent }),
})

function nothing({ query, headers }: FormCall): Reply {
  const language = pageLanguage(query.lang, headers['accept-language'], 'en')
  const t = pageStrings[language]
  return answerWith({
    status: 404,
    language,
    name: '',
    title: t.goneTitle,
    here: '',
    content: html`<p>${t.gone}</p>`,
  })
}

function foreign({ form, language, name }: Shown): Reply {
  const t = pageStrings[language]
  return answerWith({
    ...{ status: 403, language, name, title: t.foreignTitle, here: `/f/${form.slug}` },
    content: html`<p>${t.foreign}</p><p><a href="/f/${form.slug}?lang=${language}">${t.back}</a></p>`,
  })
}

const exampleOf = (country: string): string =>
  getExampleNumber(country as CountryCode, examples)?.formatInternational() ?? '+49 1512 3456789'
