import type { Static, TSchema } from 'typebox'
import type { Clock } from '../clock.ts'
import type { Guard } from '../egress.ts'
import { KurzpostError } from '../errors.ts'
import type { Log } from '../log.ts'
import { compile, type Validator } from '../validation.ts'
import type { Carrier } from './carrier.ts'
import { defaultWindow } from './http/carrier.ts'
import { createHttpSlot, httpConnection, httpSlots } from './http/kind.ts'
import { httpProfiles } from './http/profiles.ts'
import { problemsOf } from './http/request.ts'
import { HttpSecrets, HttpSettings } from './http/settings.ts'
import { createSmppSlot, smppConnection, smppProblems, smppSlots } from './smpp/kind.ts'
import { smppProfiles } from './smpp/profiles.ts'
import { completeSettings, SmppSecrets, SmppSettings } from './smpp/settings.ts'

/** Of a JSON object as PATCH and profiles lay it over another one (RFC 7396). */
type Json = Record<string, unknown>

/** A carrier as far as its kind looks at it: the columns of its row. */
export interface CarrierSetup {
  readonly id: string
  readonly kind: string
  /** Settings with a name, which its own are laid over. */
  readonly profile: string | null
  readonly settings: Json
  readonly secrets: Json
  /** What the carrier has shown. */
  readonly learned: Json
}

/** What every carrier is made with. */
export interface CarrierHouse {
  readonly clock: Clock
  readonly log: Log
  readonly guard: Guard
  /** Where this carrier may report to; null while nobody outside reaches this server. */
  readonly callbackUrl: (carrierId: string, secrets: Json) => string | null
}

/** One bind that a carrier shall have. */
export interface SlotPlan {
  readonly slot: number
  /** `transceiver`, `transmitter`, `receiver`; what else a kind has. */
  readonly type: string
  /** Messages go out on it; the others only receive. */
  readonly submits: boolean
  /** Submissions without an answer at a time. */
  readonly window: number
  /** What the link is made with: when it changes, the link is made anew. */
  readonly connection: string
}

export interface Profile {
  readonly name: string
  readonly what: string
  readonly settings: Json
}

interface KindEntry<Settings extends TSchema, Secrets extends TSchema> {
  readonly what: string
  /** Names in snake case, as the API has them. `segments_per_second` is the rate of all binds together. */
  readonly settings: Settings
  readonly secrets: Secrets
  readonly profiles: readonly { name: string; what: string; settings: Partial<Static<Settings>> }[]
  /** What is wrong with settings that fit their schema, in sentences. */
  problems?(settings: Static<Settings>, secrets: Static<Secrets>, guard: Guard): string[]
  /** The binds, slot 0 first. A slot keeps its number as long as those before it stay. */
  slots(settings: Static<Settings>): readonly { type: string; submits: boolean }[]
  /** Submissions without an answer that each bind may have. */
  window(settings: Static<Settings>): number
  /** Settings and secrets that the link of a slot is made with, as JSON: what is not here, `adjust` takes. */
  connection(settings: Static<Settings>, secrets: Static<Secrets>, slot: number): unknown
  create(parts: {
    carrierId: string
    settings: Static<Settings>
    secrets: Static<Secrets>
    learned: Json
    slot: number
    house: CarrierHouse
  }): MadeCarrier<Static<Settings>, Static<Secrets>>
}

/** The carrier of a slot, and how it takes other settings while its link stands. */
interface MadeCarrier<Settings, Secrets> {
  readonly carrier: Carrier
  adjust(settings: Settings, secrets: Secrets): void
}

export interface Kind {
  readonly name: string
  readonly what: string
  readonly settings: TSchema
  readonly secrets: TSchema
  readonly profiles: readonly Profile[]
  /** Both throw `invalid_request` with what is wrong. */
  readonly checkSettings: (value: unknown) => void
  readonly checkSecrets: (value: unknown) => void
  readonly entry: KindEntry<TSchema, TSchema>
}

function kind<Settings extends TSchema, Secrets extends TSchema>(
  name: string,
  entry: KindEntry<Settings, Secrets>,
): Kind {
  const check = (validator: Validator, prefix: string) => (value: unknown) => {
    if (validator.check(value)) return
    const details = validator
      .problems(value)
      .map(({ field, problem }) => ({ field: [prefix, field].filter(Boolean).join('.'), problem }))
    throw new KurzpostError('invalid_request', { details })
  }
  return {
    name,
    what: entry.what,
    settings: entry.settings,
    secrets: entry.secrets,
    profiles: entry.profiles as readonly Profile[],
    checkSettings: check(compile(entry.settings), 'settings'),
    checkSecrets: check(compile(entry.secrets), 'secrets'),
    // A row is checked before it is stored, so the settings are what the schema says.
    entry: entry as unknown as KindEntry<TSchema, TSchema>,
  }
}

/** Every kind of carrier: to add one, write its folder and its entry. */
const entries: readonly Kind[] = [
  kind('smpp', {
    what: 'An SMSC over SMPP 3.3 to 5.0',
    settings: SmppSettings,
    secrets: SmppSecrets,
    profiles: smppProfiles,
    problems: smppProblems,
    slots: smppSlots,
    window: (settings) => completeSettings(settings).window,
    connection: smppConnection,
    create({ settings, secrets, slot, house: { clock, log } }) {
      const carrier = createSmppSlot({ settings, secrets, slot, clock, log })
      return { carrier, adjust: (next) => carrier.adjust({ settings: next }) }
    },
  }),
  kind('http', {
    what: 'A provider’s HTTP API',
    settings: HttpSettings,
    secrets: HttpSecrets,
    profiles: httpProfiles,
    problems: problemsOf,
    slots: httpSlots,
    window: ({ window }) => window ?? defaultWindow,
    connection: httpConnection,
    create({ carrierId, settings, secrets, house: { clock, log, guard, callbackUrl } }) {
      const ways = (settings: HttpSettings, secrets: HttpSecrets) => ({
        settings,
        secrets,
        callbackUrl: callbackUrl(carrierId, secrets),
      })
      const carrier = createHttpSlot({ ...ways(settings, secrets), clock, log, guard })
      return { carrier, adjust: (...next) => carrier.adjust(ways(...next)) }
    },
  }),
]
export const kinds: ReadonlyMap<string, Kind> = new Map(entries.map((entry) => [entry.name, entry]))
export const kindNames = entries.map(({ name }) => name)

function kindOf(name: string): Kind {
  const found = kinds.get(name)
  // A newer version may have had a kind that this one does not know.
  if (!found) throw new Error(`This version knows no carriers of kind ${name}.`)
  return found
}

/** `patch` laid over `base`: objects are merged, null takes a member away (RFC 7396). */
export function merged(base: Json, patch: Json): Json {
  const result: Json = { ...base }
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete result[name]
    else if (isObject(value)) result[name] = merged(isObject(result[name]) ? result[name] : {}, value)
    else result[name] = value
  }
  return result
}
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The settings that hold: those of the profile with the carrier's own over them. */
export function settingsOf({
  kind: name,
  profile,
  settings,
}: Omit<CarrierSetup, 'id' | 'learned' | 'secrets'>): Json {
  const base = kindOf(name).profiles.find((entry) => entry.name === profile)
  return merged(base?.settings ?? {}, settings)
}

/** The binds that a carrier shall have. */
export function slotsOf(carrier: CarrierSetup): SlotPlan[] {
  const { entry } = kindOf(carrier.kind)
  const settings = settingsOf(carrier)
  return entry.slots(settings).map(({ type, submits }, slot) => ({
    slot,
    type,
    submits,
    window: entry.window(settings),
    connection: JSON.stringify(entry.connection(settings, carrier.secrets, slot)),
  }))
}

/** Segments a second of all binds of a carrier together, by contract; undefined: the pacer finds it. */
export function rateOf(carrier: CarrierSetup): number | undefined {
  const { segments_per_second: rate } = settingsOf(carrier)
  return rate as number | undefined
}

/** The carrier of one slot, not open yet. `adjust` takes what of the settings needs no other link. */
export function createCarrier(
  setup: CarrierSetup,
  slot: number,
  house: CarrierHouse,
): { carrier: Carrier; adjust(changed: CarrierSetup): void } {
  const { id: carrierId, secrets, learned } = setup
  const settings = settingsOf(setup)
  const made = kindOf(setup.kind).entry.create({ carrierId, settings, secrets, learned, slot, house })
  return {
    carrier: made.carrier,
    adjust: (changed) => made.adjust(settingsOf(changed), changed.secrets),
  }
}

/**
 * Whether a row may be stored. Throws `invalid_request` with what is wrong with its settings or secrets, and
 * `unknown_profile`.
 */
export function checkSetup(setup: Omit<CarrierSetup, 'id' | 'learned'>, guard: Guard): void {
  const { name, profiles, checkSettings, checkSecrets, entry } = kindOf(setup.kind)
  if (setup.profile !== null && !profiles.some((profile) => profile.name === setup.profile)) {
    throw new KurzpostError('unknown_profile', {
      details: { kind: name, known: profiles.map((each) => each.name) },
    })
  }
  const settings = settingsOf(setup)
  checkSettings(settings)
  checkSecrets(setup.secrets)
  const problems = entry.problems?.(settings, setup.secrets, guard) ?? []
  if (problems.length > 0) {
    const details = problems.map((problem) => ({ field: 'settings', problem }))
    throw new KurzpostError('invalid_request', { details })
  }
}
