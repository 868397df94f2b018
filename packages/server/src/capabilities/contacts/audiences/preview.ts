import { countSegments } from '@kurzpost/gsm'
import { publicId } from '../../../ids.ts'
import type { Lane } from '../../../message/lane.ts'
import type { Price } from '../../../message/price.ts'
import type { Platform } from '../../../platform.ts'
import { readDefinitions } from '../people/attributes.store.ts'
import { readContacts } from '../people/read.store.ts'
import type { Node } from '../segments/definition.ts'
import { countAndSample, countPeople } from '../segments/people.store.ts'
import { ask, understand } from '../segments/segments.ts'
import type { Language } from '../segments/words.ts'
import { ownRefusals } from './expand.ts'
import { readTopic } from './store.ts'
import { render, type Template } from './template.ts'

/** People whose texts are made to tell how long they get. */
const measured = 200
const shown = 5

export interface PreviewWish {
  tree: Node
  /** Bare UUID. */
  topic: string | null
  lane: Lane
  /** null: that of the topic, else the usual one. */
  sender: string | null
  template: Template
  language: Language
}

const sentences = {
  consent_missing: 'These people have not said yes to this.',
  consent_opted_out: 'These people have said no to this.',
} as const

/** What sending would come to: who is meant and who is left out, how long the texts get, and some of them. */
export async function previewAudience(platform: Platform, accountId: string, wish: PreviewWish) {
  const { tree, topic, template, language } = wish
  const definitions = await readDefinitions(platform.db, accountId)
  const { words, compiled } = await understand(platform.db, platform, accountId, tree)
  const told = topic && (await readTopic(platform.db, accountId, topic))
  const bound = told ? told.kind === 'marketing' : wish.lane === 'marketing'

  const counts = await ask(platform, async (tx) => {
    const reached = await understand(tx, platform, accountId, { all: [tree, { reachable: 'sms' }] })
    const among = async (leaf: Node) =>
      (await understand(tx, platform, accountId, { all: [reached.tree, leaf] })).compiled
    const about = topic ? { topic: publicId('topic', topic) } : {}
    const people = await countPeople(tx, compiled)
    const { people: reachable, ids } = await countAndSample(tx, reached.compiled, measured)
    const missing = bound ? await countPeople(tx, await among({ consent: 'none', ...about })) : 0
    const out = told || bound ? await countPeople(tx, await among({ consent: 'withdrawn', ...about })) : 0
    return { people, reachable, missing, out, sample: await readContacts(tx, accountId, ids) }
  })

  const leftOut: { code: string; sentence: string; count: number; estimated: boolean }[] = []
  const leave = (code: string, sentence: string, count: number, estimated = false) => {
    if (count > 0) leftOut.push({ code, sentence, count, estimated })
  }
  leave('audience_no_number', ownRefusals.audience_no_number, counts.people - counts.reachable)
  leave('consent_missing', sentences.consent_missing, counts.missing)
  leave('consent_opted_out', sentences.consent_opted_out, counts.out)

  const texts = counts.sample.map((person) => {
    const rendered = render(template, person, definitions, told ? told.language : 'de')
    const to = person.addresses.find(({ channel }) => channel === 'sms')?.address ?? ''
    return { person, to, rendered }
  })
  const way = { accountId, sender: wish.sender ?? (told ? told.sender : null), lane: wish.lane }
  const whole = texts.flatMap(({ to, rendered }) =>
    'text' in rendered
      ? [{ ...countSegments(rendered.text), price: platform.priceOf({ ...way, recipient: to }) }]
      : [],
  )
  const recipients = Math.max(0, counts.reachable - counts.missing - counts.out)
  const lost =
    texts.length === 0 ? 0 : Math.round(((texts.length - whole.length) / texts.length) * recipients)
  leave('audience_variable_missing', ownRefusals.audience_variable_missing, lost, true)
  const lengths = whole.map(({ segments }) => segments)
  const total = lengths.reduce((sum, each) => sum + each, 0)
  return {
    words: words(language),
    people: counts.people,
    recipients: recipients - lost,
    left_out: leftOut,
    segments: {
      least: lengths.length === 0 ? 0 : Math.min(...lengths),
      most: lengths.length === 0 ? 0 : Math.max(...lengths),
      total: lengths.length === 0 ? 0 : Math.round((total / lengths.length) * (recipients - lost)),
      unicode: whole.filter(({ encoding }) => encoding === 'ucs2').length,
      measured: whole.length,
    },
    price: priceOfAll(whole, recipients - lost),
    sample: texts.slice(0, shown).map(({ person, to, rendered }) => ({
      contact: publicId('contact', person.id),
      name: person.name,
      to,
      ...('text' in rendered
        ? { text: rendered.text, segments: countSegments(rendered.text).segments }
        : { missing: rendered.missing }),
    })),
  }
}

/** What all of them cost if they go on like the measured ones; null where one of these has no price. */
function priceOfAll(
  whole: readonly { segments: number; price: Price | null }[],
  people: number,
): Price | null {
  const currency = whole[0]?.price?.currency
  if (currency === undefined || whole.some(({ price }) => price === null)) return null
  const sum = whole.reduce((total, { segments, price }) => total + segments * (price?.amount ?? 0), 0)
  return { amount: (sum / whole.length) * people, currency }
}
