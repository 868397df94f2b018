import { createHmac, randomInt, timingSafeEqual } from 'node:crypto'
import { parsePhoneNumberFromString } from 'libphonenumber-js/max'
import { KurzpostError } from '../../../errors.ts'
import { publicId } from '../../../ids.ts'
import type { Draft } from '../../../message/draft.ts'
import type { Platform } from '../../../platform.ts'
import type { Tx } from '../../../store/db.ts'
import type { Details, How, NewEntry } from '../entry.ts'
import type { Register } from '../register.ts'
import { readSettings } from '../settings.store.ts'
import { type Topic, topicsByIds } from '../topics.store.ts'
import type { Links } from './links.ts'
import {
  countCode,
  dropEnded,
  endSignUps,
  expiredSignUps,
  findSignUp,
  insertSignUp,
  type SignUp,
} from './sign-up.store.ts'
import { askingText, grantedText, signUpLanguage, takesReplies } from './sign-up-texts.ts'
import type { Throttle } from './throttle.ts'

/** What somebody wants to agree to, before the number itself has said so. */
export interface Wish {
  accountId: string
  /** E.164. */
  number: string
  /** Bare UUIDs of living topics of the account. */
  topics: readonly string[]
  how: How & ('web_form' | 'api' | 'agent')
  /** Tag; the nearest that we have sentences in is taken. */
  language: string
  /** In place of the topics’ own. */
  sender?: string | null
  expiresMs: number
  details: Details
  /** Public id of the key or user. */
  actor?: string | null
}

export interface Started {
  /** Bare UUID. */
  id: string
  /** How it can be answered. */
  replies: boolean
  expiresAt: Date
}

export interface SignUps {
  /** Sends the question. Throws `consent_topic_unknown`, `consent_throttled`, `consent_sign_up_failed`. */
  start(wish: Wish, options?: { address?: string; form?: string }): Promise<Started>
  /** By the code. Throws `consent_code_wrong`, or `consent_sign_up_ended`. */
  confirm(id: string, code: string, details: Details, options?: { accountId?: string }): Promise<SignUp>
  /** Grants what was asked, in a transaction that holds the sign-ups; thanks are sent. */
  grant(tx: Tx, granted: readonly Granted[]): Promise<void>
  isCode(signUp: SignUp, code: string): boolean
  /** Ends what nobody has answered; the ledger says so. */
  expire(): Promise<void>
}

export interface Granted {
  signUp: SignUp
  number: string
  details: Details
  messageIds: readonly string[]
}

const mostTries = 5
const batch = 500
/** A page that is loaded again says what became of it. */
const rememberedMs = 2 * 86_400_000

/** Double opt-in: whoever has the phone with that number answers, and only then it is consent. */
export function createSignUps(
  platform: Platform,
  { register, throttle, links }: { register: Register; throttle: Throttle; links: Links },
): SignUps {
  const hashOf = (id: string, code: string): Buffer =>
    createHmac('sha256', platform.keyed('sign_up_code')).update(`${id} ${code}`).digest()

  const isCode = ({ id, codeHash }: SignUp, code: string): boolean =>
    timingSafeEqual(hashOf(id, code), codeHash)

  async function topicsOf(tx: Tx, accountId: string, ids: readonly string[]): Promise<Topic[]> {
    const found = await topicsByIds(
      tx,
      ids.map((id) => ({ accountId, id })),
    )
    return ids.flatMap((id) => found.get(accountId + id) ?? [])
  }

  async function start(wish: Wish, options: { address?: string; form?: string } = {}): Promise<Started> {
    const { accountId, number, how, details, expiresMs, actor = null } = wish
    const { address, form } = options
    const topics = await topicsOf(platform.db, accountId, wish.topics)
    if (topics.length < wish.topics.length || topics.some(({ archived_at }) => archived_at !== null))
      throw new KurzpostError('consent_topic_unknown')
    // Who types a number that no text can reach has used up nothing of it.
    demandReachable(number, platform.numbers.lenient)
    await throttle.demand({ ...(address && { address }), ...(form && { form }), number })
    const now = platform.now()
    const [id, messageId] = [platform.id(), platform.id()]
    const code = String(randomInt(1_000_000)).padStart(6, '0')
    const language = signUpLanguage(wish.language)
    const expiresAt = new Date(now.getTime() + expiresMs)
    const sender = wish.sender ?? topics.find(({ sender }) => sender !== null)?.sender ?? null
    await platform.transaction(async (tx) => {
      const settings = (await readSettings(tx, [accountId])).get(accountId)!
      const name = settings.display_name ?? settings.name
      const subject = { accountId, number, how, actor, sender: null, messageIds: [messageId] }
      const entries = topics.map(
        (topic): NewEntry => ({
          ...{ ...subject, topic: topic.id, act: 'requested', details: { ...details, language } },
        }),
      )
      await register.record(tx, entries)
      const numberKey = platform.addressKey(number)
      const codeHash = hashOf(id, code)
      await insertSignUp(
        tx,
        {
          ...{ accountId, id, numberKey, number, sender, name, language, codeHash, messageId, expiresAt },
          ...{ topics: topics.map((topic) => topic.id), details },
        },
        now,
      )
      const own = topics.length === 1 ? topics[0]!.texts.confirm?.[language] : undefined
      const text =
        ownText(own, { name, topic: topics[0]!.name, code }, sender) ??
        askingText({
          language,
          name,
          sender,
          code,
          topics: topics.map((topic) => topic.name),
          takesCode: true,
        })
      const draft: Draft = {
        id: messageId,
        to: number,
        text,
        lane: 'transactional',
        expiresAt,
        ...(sender && { from: sender }),
      }
      const [sent] = await platform.send(accountId, [draft], tx)
      if (!sent?.ok) throw new KurzpostError('consent_sign_up_failed', { details: { code: sent?.code } })
      await platform.emit(
        accountId,
        'consent.double_opt_in_started',
        [payloadOf({ id, number, topics: wish.topics, how })],
        tx,
      )
    })
    return { id, replies: takesReplies(sender), expiresAt }
  }

  async function grant(tx: Tx, granted: readonly Granted[]): Promise<void> {
    if (granted.length === 0) return
    const now = platform.now()
    await register.record(tx, granted.flatMap(entriesOf))
    await endSignUps(
      tx,
      granted.map(({ signUp: { accountId, id } }) => ({ accountId, id, state: 'granted' as const })),
      now,
    )
    for (const [accountId, own] of Map.groupBy(granted, ({ signUp }) => signUp.accountId)) {
      const drafts = []
      for (const { signUp, number } of own) drafts.push(await thanks(tx, signUp, number))
      const sent = await platform.send(accountId, drafts, tx)
      for (const each of sent)
        if (!each.ok) platform.log.info({ code: each.code }, 'the thanks for a sign-up could not be sent')
    }
  }

  async function thanks(
    tx: Tx,
    { accountId, topics: ids, sender, name, language }: SignUp,
    number: string,
  ): Promise<Draft> {
    const topics = await topicsOf(tx, accountId, ids)
    const text = grantedText({
      ...{ number, sender, name: name ?? '', language: signUpLanguage(language) },
      topics: topics.map((topic) => topic.name),
      link: takesReplies(sender) ? '' : (await links.create(tx, { accountId, number })).url,
    })
    return { to: number, text, lane: 'transactional', ...(sender && { from: sender }) }
  }

  async function confirm(
    id: string,
    code: string,
    details: Details,
    { accountId }: { accountId?: string } = {},
  ): Promise<SignUp> {
    const scope = accountId === undefined ? {} : { accountId }
    const signUp = await findSignUp(platform.db, id, scope)
    if (!signUp) throw new KurzpostError('not_found')
    if (signUp.state === 'granted') return signUp
    if (signUp.state !== 'pending' || signUp.expiresAt <= platform.now())
      throw new KurzpostError('consent_sign_up_ended')
    // Counted and committed before it is compared: a guess that is cut short has been one.
    if ((await countCode(platform.db, signUp, mostTries)) === undefined)
      throw new KurzpostError('consent_sign_up_ended')
    if (!isCode(signUp, code.replace(/[ -]/g, ''))) throw new KurzpostError('consent_code_wrong')
    await platform.transaction(async (tx) => {
      const held = await findSignUp(tx, id, { ...scope, lock: true })
      if (held?.state !== 'pending' || held.number === null) return
      await grant(tx, [{ signUp: held, number: held.number, details, messageIds: [] }])
    })
    return { ...signUp, state: 'granted' }
  }

  async function expireSome(): Promise<number> {
    return platform.transaction(async (tx) => {
      const now = platform.now()
      const gone = await expiredSignUps(tx, now, batch)
      await register.record(
        tx,
        gone.flatMap(({ accountId, number, topics, messageId }) =>
          topics.map(
            (topic): NewEntry => ({
              ...{ accountId, number: number!, topic, sender: null, act: 'lapsed', how: 'expiry' },
              messageIds: [messageId],
            }),
          ),
        ),
      )
      await endSignUps(
        tx,
        gone.map(({ accountId, id }) => ({ accountId, id, state: 'expired' as const })),
        now,
      )
      for (const [accountId, own] of Map.groupBy(gone, (each) => each.accountId)) {
        const payloads = own.map(({ id, number, topics }) =>
          payloadOf({ id, number: number!, topics, how: 'expiry' }),
        )
        await platform.emit(accountId, 'consent.double_opt_in_expired', payloads, tx)
      }
      return gone.length
    })
  }

  return {
    ...{ start, confirm, grant, isCode },
    async expire() {
      while ((await expireSome()) === batch);
      await dropEnded(platform.db, new Date(platform.now().getTime() - rememberedMs))
    },
  }
}

const entriesOf = ({ signUp, number, details, messageIds }: Granted): NewEntry[] =>
  signUp.topics.map((topic) => ({
    ...{ accountId: signUp.accountId, number, topic, sender: null, act: 'granted', how: 'sms_double_opt_in' },
    via: signUp.sender,
    messageIds: [signUp.messageId, ...messageIds],
    details: { ...signUp.details, language: signUp.language, ...details },
  }))

const payloadOf = ({
  id,
  number,
  topics,
  how,
}: {
  id: string
  number: string
  topics: readonly string[]
  how: string
}) => ({
  sign_up_id: publicId('signUp', id),
  number,
  topic_ids: topics.map((topic) => publicId('topic', topic)),
  how,
})

/** The account's own question, where it says what can be done: a sender that nobody can answer needs the code in it. */
function ownText(
  own: string | undefined,
  facts: Readonly<Record<'name' | 'topic' | 'code', string>>,
  sender: string | null,
): string | undefined {
  if (own === undefined || (!takesReplies(sender) && !own.includes('{code}'))) return undefined
  return own.replace(/\{(name|topic|code)\}/g, (_, fact: keyof typeof facts) => facts[fact])
}

/** Premium and shared-cost numbers, and lines that take no text: a sign-up there only costs. */
const reachable = new Set(['MOBILE', 'FIXED_LINE_OR_MOBILE', 'PERSONAL_NUMBER', 'VOIP'])
function demandReachable(number: string, lenient: boolean): void {
  const type = parsePhoneNumberFromString(number)?.getType()
  if (type === undefined ? !lenient : !reachable.has(type))
    throw new KurzpostError('invalid_number', { message: 'The number is not that of a mobile phone.' })
}
