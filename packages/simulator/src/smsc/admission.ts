import { type BindRequest, passwordMatches, Status, type Time } from '@kurzpost/smpp'
import type { Behaviour } from '../behaviour.ts'
import { purposes } from '../chance.ts'
import type { Schedule } from '../schedule.ts'
import type { Trace } from '../trace.ts'

/** Who is let in. Facts groups 20, 21 and 23. */
export interface Admission {
  /** The status of the answer, as late as the setting says. */
  judge(bind: BindRequest): number | Promise<number>
  opened(systemId: string): void
  closed(systemId: string): void
}

interface System {
  /** Bound now, or gone so lately that the SMSC has not noticed. */
  bound: number
  /** When the last bind was let in. */
  lastAt: number
}

interface Options {
  readonly behaviour: Behaviour
  readonly trace: Trace
  readonly time: Time
  /** What is due here must not outlive the SMSC, nor hold its process. */
  readonly schedule: Schedule
}

export function createAdmission({ behaviour, trace, time, schedule }: Options): Admission {
  const systems = new Map<string, System>()
  let refused = 0
  let refusedWith = 0

  /** bindRefusals counts anew whenever bindStatus changes. */
  const refusalOf = (): number => {
    const { bindStatus, bindRefusals } = behaviour.settings
    if (bindStatus !== refusedWith) refused = 0
    refusedWith = bindStatus
    if (bindStatus === 0 || (bindRefusals > 0 && refused >= bindRefusals)) return Status.ok
    refused += 1
    return bindStatus
  }

  const statusFor = ({ systemId, password }: BindRequest): number => {
    const { settings } = behaviour
    const refusal = refusalOf()
    if (refusal !== 0) return refusal
    if (settings.systemId !== '' && settings.systemId !== systemId) return Status.invalidSystemId
    if (settings.password !== '' && !passwordMatches(password, settings.password))
      return Status.invalidPassword
    const system = systems.get(systemId)
    if (!system) return Status.ok
    if (settings.bindLimit > 0 && system.bound >= settings.bindLimit) return Status.alreadyBound
    if (settings.bindPauseMs > 0 && time.now() - system.lastAt < settings.bindPauseMs)
      return Status.bindFailed
    return Status.ok
  }

  const leave = (systemId: string): void => {
    const system = systems.get(systemId)
    if (!system) return
    system.bound -= 1
    // Anybody may come under any number of names: they are kept only while they matter.
    const forget = (): void => {
      if (system.bound === 0) systems.delete(systemId)
    }
    const { bindPauseMs } = behaviour.settings
    if (bindPauseMs === 0) forget()
    else schedule.after(bindPauseMs, forget)
  }

  return {
    judge(bind) {
      const { bindDelay } = behaviour.plan
      const verdict = (): number => {
        const status = statusFor(bind)
        trace.add('bind', { system: bind.systemId, type: bind.bindType, status })
        return status
      }
      const delay = bindDelay.constant ?? bindDelay.sample(behaviour.chance.event(purposes.bindDelay))
      if (delay === 0) return verdict()
      return new Promise((resolve) => schedule.after(delay, () => resolve(verdict())))
    },
    opened(systemId) {
      const system = systems.get(systemId) ?? { bound: 0, lastAt: 0 }
      systems.set(systemId, system)
      system.bound += 1
      system.lastAt = time.now()
    },
    closed(systemId) {
      const { bindLingerMs } = behaviour.settings
      if (bindLingerMs === 0) leave(systemId)
      else schedule.after(bindLingerMs, () => leave(systemId))
    },
  }
}
