import type { Audience } from '../api/contacts.ts'
import { looks } from '../state/look.ts'
import type { SignLook } from '../state/Sign.tsx'

/** How sending to many looks in each of its states. */
export const audienceLooks: Record<Audience['state'], SignLook> = {
  held: { color: 'waiting', icon: looks.waiting },
  running: { color: 'onWay', icon: looks.onWay },
  finished: { color: 'delivered', icon: looks.delivered },
  stopped: { color: 'cancelled', icon: looks.cancelled },
  failed: { color: 'failed', icon: looks.failed },
}
