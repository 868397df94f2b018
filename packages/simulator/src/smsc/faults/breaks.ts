import type { ResponseFields, ServerSession } from '@kurzpost/smpp'
import { type Behaviour, happens } from '../../behaviour.ts'
import { purposes } from '../../chance.ts'
import type { Settings } from '../../settings/settings.ts'
import type { Trace } from '../../trace.ts'
import { frameOf } from './frames.ts'
import type { Wire } from './wire.ts'

/** Links that end, fall silent or are asked to unbind at a submit_sm. Facts groups 18, 19 and 29. */
export interface Breaks {
  /** What happens to the link at this submit_sm; to be asked once for each. */
  at(session: ServerSession, key: number): Settings['dropLinkWhen'] | 'no'
  /** Cuts the link now; what it gives never leaves. */
  cut(session: ServerSession, why: string): ResponseFields
  /** Cuts it once what is answered now is with the socket. */
  cutSoon(session: ServerSession, why: string): void
}

const UNBIND = 0x06
/** Behind what the session counts itself. */
const OWN_SEQUENCE = 0x7000_0000

interface Options {
  readonly behaviour: Behaviour
  readonly wires: ReadonlyMap<number, Wire>
  readonly trace: Trace
}

export function createBreaks({ behaviour, wires, trace }: Options): Breaks {
  const cut = (session: ServerSession, why: string): ResponseFields => {
    trace.add('cut', { link: session.id, why })
    session.destroy()
    return {}
  }

  return {
    at(session, key) {
      const { settings } = behaviour
      const wire = wires.get(session.id)
      if (behaviour.countDown('silentAfter')) {
        trace.add('silence', { link: session.id })
        wire?.silence()
      }
      if (behaviour.countDown('unbindAfter')) {
        trace.add('unbind', { link: session.id })
        wire?.inject(frameOf(UNBIND, 0, OWN_SEQUENCE))
      }
      const isCut =
        behaviour.countDown('dropLinkAfter') || happens(settings.dropLink, key, purposes.answerDrop)
      if (!isCut) return 'no'
      if (settings.dropLinkWhen === 'before-taking') cut(session, 'before taking')
      return settings.dropLinkWhen
    },
    cut,
    cutSoon(session, why) {
      setImmediate(() => {
        if (session.bound) cut(session, why)
      })
    },
  }
}
