import type { TSchema } from 'typebox'
import { smppProfiles } from '../../packages/server/src/carriers/smpp/profiles.ts'
import { SmppSettings } from '../../packages/server/src/carriers/smpp/settings.ts'
import { defaultErrors } from '../../packages/server/src/carriers/smpp/status.ts'
import { generatedFrom, page, table } from './markdown.ts'

interface Described {
  description?: string
  default?: unknown
  type?: string
  enum?: readonly string[]
  properties?: Record<string, Described>
  items?: Described
  patternProperties?: Record<string, Described>
}

const code = (value: unknown): string => `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``

/** Defaults that are tables of their own are told in the text. */
const longest = 40
function fallback({ default: value }: Described): string {
  if (value === undefined || value === '') return ''
  const text = code(value)
  return text.length > longest ? 'see below' : text === '`{}`' || text === '`[{}]`' ? '' : text
}

/** A row for each setting, those of groups and lists under their path. */
function rows(properties: Record<string, Described>, before = ''): string[][] {
  return Object.entries(properties).flatMap(([name, entry]) => {
    const path = `${before}${name}`
    const words = entry.enum ? ` ${entry.enum.map(code).join(', ')}.` : ''
    const own = [code(path), fallback(entry), `${entry.description ?? ''}.${words}`.replace('..', '.')]
    const inner =
      entry.properties ??
      entry.items?.properties ??
      Object.values(entry.patternProperties ?? {})[0]?.properties
    const under = entry.properties ? '.' : entry.items ? '[].' : '.*.'
    return inner ? [own, ...rows(inner, `${path}${under}`)] : [own]
  })
}

const settings = SmppSettings as TSchema as unknown as Described

export function smppCarriersPage(): string {
  return page(
    generatedFrom('packages/server/src/carriers/smpp'),
    '# SMPP carriers',
    'Every habit of an SMSC is a setting of its carrier. What is not said is at its default, and the defaults are right for most. [carriers.md](carriers.md) tells how a carrier is made and changed; `GET /v1/carriers` shows what is set and what was learned.',
    '## Settings',
    table(['Setting', 'Default', 'What it says'], rows(settings.properties!)),
    '**Addresses.** Rules are tried in their order and the first whose `match` fits is taken; lists are replaced as a whole. By default `+…` goes out as international (type 1, plan 1) without its plus, three to eight digits as a short code (type 3), all else as a name (type 5). Coming in, `00…` and digits of type 1 become `+…`, and so do nine digits and more of type 0. National numbers of a German carrier, both ways:',
    '```json\n{\n  "destination_addresses": [{"match": "^\\\\+49", "ton": 2, "npi": 1, "strip": "+49", "add": "0"}],\n  "inbound_addresses": [{"match": "^0[1-9]", "ton": 2, "strip": "0", "add": "+49"}]\n}\n```',
    '**TLVs.** Indian operators want two ids with every submission (DLT); `profile` `india-dlt` brings the dictionary:',
    '```json\n{"profile": "india-dlt", "settings": {"submit_tlvs": {"dlt_entity_id": "1201159123456789012", "dlt_template_id": "1207161234567890123"}}}\n```',
    '## Errors',
    'What a refusal means when `errors` does not say otherwise. All others are permanent: the carrier has understood the message and does not want it. `same` and `throttle` wait and try again on this carrier; `elsewhere` moves the message to its next carrier.',
    table(
      ['Status', 'Means'],
      Object.entries(defaultErrors).map(([status, means]) => [code(status), means]),
    ),
    '## How receipts find their messages',
    'SMSCs repeat an id in another base, case or length than they gave it, and "16" may be sixteen, or 10 in hex. While it is not known which, a receipt is believed where its recipient says so too, or where nothing else fits; one that fits two messages waits and nobody guesses. Each that is certain is counted. Eight that agree settle it for the carrier, on all its links and nodes; then what waited is matched, and from then on ids are read in that one way. A carrier that changes its habit is learned anew. `learned.ids` shows the reading and its counts, `id_base` pins it.',
    'Ids count within one carrier alone. Used again after days, an id is that of the recipient, then of the message without a final receipt, then of the newest, up to 14 days back. A receipt that fits nothing waits for `KURZPOST_ORPHAN_HOURS` for its answer. The first final word stands, but `delivered` goes before every other; whatever comes is kept with the segment, up to 20 receipts.',
    '## Texts that come again',
    "An SMSC gives what phones send no id. If a link breaks after a text was taken and before the SMSC had our answer, it sends it once more: the same octets, within two minutes. Such a copy is acknowledged and not stored again. It is known over a session that began after the first one came, by whichever node; and over a link that stood already where the first one's broke before we had answered at all. Each break explains one copy over a session: the same words once more on it are a person who says it twice, and so are the same words on one session, or later.",
    'Not known is a copy over a link that stood already where our answer was written and lost on its way, or where the node that took the first one died with its links: from there it looks like somebody who says it twice, and is stored. Better twice than never.',
    '## Profiles',
    'Habits with names, for `"profile"`. The simulator plays those of the same name.',
    table(
      ['Profile', 'What it is', 'Settings'],
      smppProfiles.map(({ name, what, settings: own }) => [
        code(name),
        what,
        Object.keys(own).length === 0 ? 'the defaults' : code(own),
      ]),
    ),
  )
}
