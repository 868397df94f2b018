import { publicId } from '../../ids.ts'
import type { Incoming } from '../../inbound/incoming.ts'
import type { Platform } from '../../platform.ts'
import type { Tx } from '../../store/db.ts'
import { sayAway } from './away.ts'
import { settle } from './belong.ts'
import { type Running, startClocks } from './clocks.store.ts'
import { insertEntries } from './entries.store.ts'
import { always } from './hours.ts'
import { assign, type Found, findPeople, isFoundOut, personOf } from './people.store.ts'
import { type Arrival, beginRounds, receiveArrivals } from './receive.store.ts'
import { type House, noSettings, readHouses } from './settings.store.ts'
import { shareOut } from './share-out.ts'
import type { Claim, Talk } from './talk.ts'
import { type Clock, clocksFor } from './targets.ts'

const channel = 'sms'

const nothing: House = { ...noSettings, teams: [] }

/**
 * Takes whatever nobody else has taken: people read it. One conversation a person, whatever address, sender, node or
 * moment it came by; a set of messages costs as many statements as one.
 */
export function createReceive(platform: Platform): Claim {
  return async (incoming, tx) => {
    const groups = await byPerson(platform, incoming, tx)
    const received = await receiveArrivals(
      tx,
      groups.map((group) => arrivalOf(group, platform.id())),
    )
    const houses = await readHouses(tx, [...new Set(groups.map(({ accountId }) => accountId))])
    const after = new Map(received.map((row) => [`${row.account_id} ${row.person}`, row]))
    const talks: Talk[] = groups.map((group) => {
      const now = after.get(`${group.accountId} ${group.person}`)!
      const opened = now.was === null || now.was === 'closed'
      return { ...group, received: now, house: houses.get(group.accountId) ?? nothing, opened }
    })
    await note(talks, tx)
    await tell(platform, talks, tx)
    await shareOut(platform, talks, tx)
    await sayAway(platform, talks, tx)
    return incoming.map(() => ({
      taken: true,
      code: 'inbox',
      sentence: 'Nobody else took it: it stands in the inbox, in the conversation with this person.',
    }))
  }
}

type Group = Omit<Talk, 'received' | 'house' | 'opened'>

/** Who they are: one group a person, who may have written from several addresses. */
async function byPerson(platform: Platform, incoming: readonly Incoming[], tx: Tx): Promise<Group[]> {
  const found = await findPeople(
    tx,
    incoming.map(({ accountId, from }) => ({ accountId, channel, address: from })),
  )
  const changed = incoming.flatMap(({ accountId, from: address }, n) => {
    const { conversation_id: id, contact_id: contactId } = found[n]!
    if (id === null || !isFoundOut(found[n]!)) return []
    return [{ accountId, id, person: personOf({ channel, address }, found[n]!), contactId }]
  })
  const settled = changed.length === 0 ? new Map<string, string>() : await settle(platform, tx, changed)
  const groups = new Map<string, Group>()
  for (const [n, one] of incoming.entries()) {
    const { conversation_id: id } = found[n]!
    const who: Found = { ...found[n]!, conversation_id: (id && settled.get(id)) ?? id }
    const person = personOf({ channel, address: one.from }, who)
    const key = `${one.accountId} ${person}`
    const group = groups.get(key) ?? { accountId: one.accountId, person, found: who, messages: [] }
    group.messages.push(one)
    groups.set(key, group)
  }
  return [...groups.values()]
}

function arrivalOf({ accountId, person, found, messages }: Group, newId: string): Arrival {
  const sorted = [...messages].sort((a, b) => (a.id < b.id ? -1 : 1))
  const last = sorted.at(-1)!
  return {
    accountId,
    person,
    contactId: found.contact_id,
    channel,
    address: last.from,
    sender: last.to,
    newId,
    messages: sorted,
    flags: [...new Set(messages.flatMap(({ flags }) => flags))],
  }
}

/** What the messages leave behind: their entries, whose address is whose, the rounds and the promises that begin. */
async function note(talks: readonly Talk[], tx: Tx): Promise<void> {
  await assign(
    tx,
    talks.flatMap(({ accountId, messages, found, received }) =>
      messages
        .filter((_, n) => n > 0 || found.conversation_id !== received.id)
        .map(({ from }) => ({ accountId, channel, address: from, conversationId: received.id })),
    ),
  )
  await beginRounds(
    tx,
    talks.filter(({ opened }) => opened).map(({ received }) => received),
  )
  await insertEntries(
    tx,
    talks.flatMap(({ accountId, messages, received }) =>
      messages.map(({ id, at }) => ({
        ...{ accountId, id, at, conversationId: received.id },
        ...{ kind: 'message' as const, direction: 'inbound' as const },
      })),
    ),
  )
  await startClocks(tx, clocksOf(talks))
}

/** The promises that begin. Messages of a batch have one moment, and calendars are slow: each kind is reckoned once. */
function clocksOf(talks: readonly Talk[]): Running[] {
  const reckoned = new Map<string, Clock[]>()
  return talks.flatMap(({ accountId, messages, received, house, opened }) => {
    const at = messages[0]!.at
    const answered = received.first_waiting && received.answered_at !== null
    const key = `${accountId} ${at.getTime()} ${opened} ${answered}`
    const clocks =
      reckoned.get(key) ?? clocksFor(house.targets, house.hours ?? always, { at, opened, answered })
    reckoned.set(key, clocks)
    return clocks.map((clock) => ({ ...clock, accountId, conversationId: received.id, startedAt: at }))
  })
}

async function tell(platform: Platform, talks: readonly Talk[], tx: Tx): Promise<void> {
  for (const [accountId, those] of Map.groupBy(talks, (talk) => talk.accountId)) {
    const payloads = those.flatMap(({ messages, received, opened }) =>
      messages.map(({ id, flags }) => ({
        conversation_id: publicId('conversation', received.id),
        message_id: publicId('message', id),
        state: 'open',
        opened,
        flags: [...flags],
      })),
    )
    await platform.emit(accountId, 'inbox.received', payloads, tx)
  }
}
