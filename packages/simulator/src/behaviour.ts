import { type Chance, createChance, unit } from './chance.ts'
import { type Choice, readChoice, wordsOf } from './settings/choices.ts'
import type { Settings } from './settings/settings.ts'
import { statusOf } from './settings/status.ts'
import { readTime, type Sampler } from './settings/times.ts'
import { type FaultName, faultNames } from './smsc/faults/groups.ts'
import type { Rate } from './smsc/limit.ts'
import { type IdWriter, idWriter } from './smsc/message-id.ts'
import { type Dialect, dialects } from './smsc/receipts/dialects.ts'
import { type ReceiptState, receiptStates } from './smsc/receipts/receipt-state.ts'

/** The settings made ready, so that a message pays only for what is switched on. */
export interface Plan {
  /** Something is drawn for each message: it needs a key. */
  readonly draws: boolean
  readonly answerDelay: Sampler
  readonly receiptDelay: Sampler
  readonly bindDelay: Sampler
  readonly partDelay: Sampler
  readonly refusals: Choice<number> | undefined
  readonly receiptState: Choice<ReceiptState>
  readonly receiptDialect: Choice<Dialect>
  readonly malformed: Choice<FaultName> | undefined
  /** PDUs have to be looked at before they go out. */
  readonly tampers: boolean
  /** A submit_sm may cut, silence or unbind its link. */
  readonly breaks: boolean
  readonly limit: Rate
  readonly ids: IdWriter
  readonly unsupported: ReadonlySet<string>
}

/** How the simulator behaves now. Everybody reads `settings` and `plan` afresh for each message. */
export interface Behaviour {
  readonly settings: Settings
  readonly plan: Plan
  readonly chance: Chance
  /** Takes a change that was checked. Another seed starts chance anew, and whatever counts turns counts from the first. */
  change(change: Partial<Settings>): void
  /** One step of a setting that counts down to 0 once; true at the last. */
  countDown(name: Countdown): boolean
  /** Begins again as it began: chance and turns, with the settings of now. */
  restart(): void
}

export type Countdown = 'dropLinkAfter' | 'silentAfter' | 'unbindAfter'

export function createBehaviour(settings: Settings): Behaviour {
  const chance = createChance(settings.seed)
  let plan = makePlan(settings)
  return {
    settings,
    get plan() {
      return plan
    },
    chance,
    change(change) {
      if (change.seed !== undefined && change.seed !== settings.seed) chance.reset(change.seed)
      Object.assign(settings, change)
      plan = makePlan(settings)
    },
    countDown(name) {
      if (settings[name] === 0) return false
      settings[name] -= 1
      // Not a plan anew: that costs more than a message, and its turns ("every 3") would begin again at each.
      if (settings[name] === 0) plan = { ...plan, breaks: mayBreak(settings) }
      return settings[name] === 0
    },
    restart() {
      chance.reset(settings.seed)
      plan = makePlan(settings)
    },
  }
}

/** Whether something that happens to this share of all happens to this one. */
export const happens = (share: number, key: number, purpose: number): boolean =>
  share > 0 && (share >= 1 || unit(key, purpose) < share)

const choiceOf = <T>(written: string, words: (word: string) => T | undefined): Choice<T> | undefined =>
  written === '' ? undefined : readChoice(written, words)

function makePlan(settings: Settings): Plan {
  const [answerDelay, receiptDelay, bindDelay, partDelay] = [
    settings.answerDelayMs,
    settings.receiptDelayMs,
    settings.bindDelayMs,
    settings.partDelayMs,
  ].map((written) => readTime(written)!) as [Sampler, Sampler, Sampler, Sampler]
  const refusals = choiceOf(settings.refusals, statusOf)
  const receiptState = choiceOf(settings.receiptState, wordsOf(receiptStates)) ?? always('delivered')
  const receiptDialect =
    choiceOf(settings.receiptDialect, wordsOf(Object.keys(dialects) as Dialect[])) ?? always('classic')
  const malformed = choiceOf(settings.malformed, wordsOf(faultNames))
  const shares = [
    settings.answerNever,
    settings.dropLink,
    settings.receiptNever,
    settings.receiptsFirst,
    settings.duplicateReceipts,
    settings.heldReceipts,
    settings.revisedReceipts,
  ]
  return {
    draws:
      settings.trace ||
      shares.some((share) => share > 0 && share < 1) ||
      [answerDelay, receiptDelay].some(({ constant }) => constant === undefined) ||
      [refusals, receiptState, receiptDialect].some((choice) => choice?.draws === true),
    answerDelay,
    receiptDelay,
    bindDelay,
    partDelay,
    refusals,
    receiptState,
    receiptDialect,
    malformed,
    tampers: malformed !== undefined || settings.enquireLinkNever,
    breaks: mayBreak(settings),
    limit: {
      perSecond: settings.limitPerSecond,
      burst: settings.limitBurst,
      strict: settings.limitCounts === 'whole-seconds',
    },
    ids: idWriter(settings),
    unsupported: new Set(settings.unsupported.split(' ')),
  }
}

const mayBreak = ({ dropLinkAfter, dropLink, silentAfter, unbindAfter }: Settings): boolean =>
  dropLinkAfter + dropLink + silentAfter + unbindAfter > 0

const always = <T>(value: T): Choice<T> => ({ pick: () => value, draws: false, always: value })
