/** An inbound message, whole (reassembled), before it is known who takes it. */
export interface Incoming {
  accountId: string
  /** Bare UUID under which it will be stored. */
  id: string
  carrierId: string
  from: string
  to: string
  text: string
  segments: number
  /** The provider has understood it as this, acted on it and answered: we must not answer again. */
  answered?: 'stop' | 'start' | 'help'
  /** False when the wait for a missing part ended (smpp-interop group 50). */
  complete: boolean
  /** What those who were asked before have said of it. */
  flags: readonly string[]
  at: Date
}
