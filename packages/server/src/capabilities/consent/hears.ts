import type { EventPayload } from '../../events.ts'
import { parseId } from '../../ids.ts'
import type { Capability, Platform } from '../../platform.ts'
import { countErased } from '../../store/erased.store.ts'
import type { NewEntry } from './entry.ts'
import { forgetPeople } from './forms/forget.store.ts'
import { numbersOf } from './people.store.ts'
import type { Register } from './register.ts'
import { personOf, readHeld } from './state.store.ts'

/**
 * What carriers say where somebody has told them STOP: 21610 Twilio, 40300 Telnyx. They go on refusing, so we need not
 * go on trying, by them or by another.
 */
const blocked: ReadonlySet<string> = new Set(['21610', '40300'])

/** Whoever is erased agrees to nothing any more, and only the keyed hash knows it. */
export function hearErasure(platform: Platform, register: Register): NonNullable<Capability['on']> {
  return {
    async 'contact.erased'(events, tx) {
      for (const { account_id: accountId, payload } of events) {
        const { contact_id, erasure_id } = payload as EventPayload<'contact.erased'>
        const [contact, erasure] = [parseId('contact', contact_id)!, parseId('erasure', erasure_id)!]
        const numbers = await numbersOf(tx, accountId, [contact])
        const now = platform.now()
        const consent_texts = await register.erase(tx, accountId, numbers, now)
        const forms = await forgetPeople(tx, accountId, numbers.map(platform.addressKey))
        await countErased(tx, accountId, erasure, { consent_texts, ...forms }, now)
      }
    },
  }
}

interface Failed {
  message_id: string
  to: string
  from: string | null
  error?: { carrier_code: string | null }
}

type Listener = NonNullable<NonNullable<Capability['follow']>['message.rejected']>

/** What carriers refuse because of a STOP that they alone have heard becomes an opt-out here too. */
export function followBlocks(platform: Platform, register: Register): NonNullable<Capability['follow']> {
  const listen: Listener = async (events, tx) => {
    const entries = events.flatMap(({ account_id: accountId, payload }): NewEntry[] => {
      const { message_id, to, from, error } = payload as Failed
      const code = error?.carrier_code
      if (!code || !blocked.has(code)) return []
      return [
        {
          ...{
            accountId,
            number: to,
            topic: null,
            sender: from,
            act: 'withdrawn',
            how: 'carrier',
            via: from,
          },
          messageIds: [parseId('message', message_id)].filter((id) => id !== undefined),
          details: { note: `Code ${code}.` },
        },
      ]
    })
    if (entries.length === 0) return
    const people = entries.map(({ accountId, number }) => ({
      accountId,
      numberKey: platform.addressKey(number),
    }))
    const held = await readHeld(tx, people)
    const known = new Set<string>()
    const fresh = entries.filter(({ sender }, at) => {
      const person = personOf(people[at]!)
      const subject = `${person} ${sender ?? ''}`
      const out = held
        .get(person)
        ?.some((word) => word.granted === false && word.topic === null && word.sender === sender)
      if (out || known.has(subject)) return false
      known.add(subject)
      return true
    })
    await register.record(tx, fresh)
  }
  return { 'message.rejected': listen, 'message.undelivered': listen }
}
