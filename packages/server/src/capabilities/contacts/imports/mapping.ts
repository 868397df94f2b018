import type { AttributeType, Definitions } from '../people/attributes.ts'
import { isDate } from '../people/attributes.ts'

/** What a column can be. An attribute is `attribute:<key>`; null is left out. */
export const targets = [
  ...['phone', 'email', 'name', 'first_name', 'last_name', 'external_id'],
  ...['language', 'time_zone', 'postcode', 'lat', 'lon', 'tags'],
] as const
export type Target = string | null

export interface Column {
  name: string
  samples: string[]
  to: Target
  /** What an attribute for it would be, when nothing fits. */
  attribute?: { key: string; label: string; type: AttributeType }
}

/** Headers as people write them, without case, accents, spaces and dots. */
const headers: readonly [target: string, names: readonly string[]][] = [
  [
    'phone',
    [
      ...[
        'phone',
        'phonenumber',
        'phoneno',
        'mobile',
        'mobilephone',
        'mobilenumber',
        'cell',
        'cellphone',
        'number',
        'msisdn',
        'sms',
        'tel',
      ],
      ...[
        'telefon',
        'telefonnummer',
        'telefonnr',
        'handy',
        'handynummer',
        'handynr',
        'mobil',
        'mobilnummer',
        'mobiltelefon',
        'rufnummer',
        'nummer',
      ],
      ...['telephone', 'portable', 'movil', 'telefono', 'cellulare', 'gsm'],
    ],
  ],
  ['email', ['email', 'mail', 'emailaddress', 'emailadresse', 'mailadresse', 'courriel', 'correo']],
  ['first_name', ['firstname', 'givenname', 'forename', 'vorname', 'prenom', 'nombre', 'nome']],
  ['last_name', ['lastname', 'surname', 'familyname', 'nachname', 'familienname', 'apellido', 'cognome']],
  [
    'name',
    [
      'name',
      'fullname',
      'contact',
      'contactname',
      'customer',
      'customername',
      'kunde',
      'kundenname',
      'ansprechpartner',
      'nom',
    ],
  ],
  [
    'external_id',
    [
      'id',
      'externalid',
      'customerid',
      'customerno',
      'customernumber',
      'kundennummer',
      'kundennr',
      'kdnr',
      'mitgliedsnummer',
      'reference',
      'ref',
      'uid',
    ],
  ],
  ['language', ['language', 'lang', 'locale', 'sprache', 'langue', 'idioma', 'lingua']],
  ['time_zone', ['timezone', 'tz', 'zeitzone']],
  [
    'postcode',
    ['postcode', 'postalcode', 'zip', 'zipcode', 'plz', 'postleitzahl', 'codepostal', 'cap', 'cp'],
  ],
  ['lat', ['lat', 'latitude', 'breite', 'breitengrad']],
  ['lon', ['lon', 'lng', 'long', 'longitude', 'laenge', 'langengrad', 'laengengrad']],
  [
    'tags',
    ['tags', 'tag', 'labels', 'schlagworte', 'schlagwort', 'stichworte', 'kategorien', 'groups', 'gruppen'],
  ],
]
const byHeader = new Map(headers.flatMap(([target, names]) => names.map((name) => [name, target] as const)))

const fold = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/[^\p{L}\p{N}]/gu, '')
    .toLowerCase()

const phone = /^\s*(\+|00|0)?[\d\s().\-/]{6,20}$/
const mail = /^[^\s@]+@[^\s@]+\.[^\s@]+$/
const yesNo = /^(true|false|yes|no|ja|nein|wahr|falsch)$/i
const number = /^-?\d{1,15}([.,]\d+)?$/
const isDay = (text: string): boolean => isDate(text.slice(0, 10)) || /^\d{1,2}\.\d{1,2}\.\d{4}$/.test(text)

/** What most of these values look like. */
function lookLike(samples: readonly string[], test: (text: string) => boolean): boolean {
  const filled = samples.filter((text) => text.trim() !== '')
  return filled.length > 0 && filled.filter(test).length >= filled.length * 0.8
}

function typeOf(samples: readonly string[]): AttributeType {
  if (lookLike(samples, isDay)) return 'date'
  if (lookLike(samples, (text) => yesNo.test(text))) return 'boolean'
  return lookLike(samples, (text) => number.test(text) && !/^0\d/.test(text)) ? 'number' : 'text'
}

const keyOf = (name: string, at: number): string => {
  const key = name
    .normalize('NFKD')
    .replaceAll('ß', 'ss')
    .replace(/[̀-ͯ]/g, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^[^a-z]+|_+$/g, '')
    .slice(0, 50)
  return key === '' ? `column_${at + 1}` : key
}

/** What each column probably is: by its name, else by what stands in it. No field but phone and e-mail comes twice. */
export function guessColumns(
  names: readonly string[],
  rows: readonly (readonly string[])[],
  definitions: Definitions,
): Column[] {
  const taken = new Set<string>()
  const attributes = new Map(
    [...definitions.values()].flatMap(({ key, label }) => [
      [fold(key), key],
      [fold(label), key],
    ]),
  )
  const take = (target: string): Target => {
    if (taken.has(target) && target !== 'phone' && target !== 'email') return null
    taken.add(target)
    return target
  }
  const columns = names.map((name, at): Column => {
    const samples = rows.map((row) => row[at] ?? '')
    const folded = fold(name)
    const attribute = attributes.get(folded)
    const target = attribute ? `attribute:${attribute}` : byHeader.get(folded)
    return { name, samples: samples.slice(0, 5), to: target ? take(target) : null }
  })
  for (const [at, column] of columns.entries()) {
    if (column.to !== null) continue
    const samples = rows.map((row) => row[at] ?? '')
    if (lookLike(samples, (text) => mail.test(text.trim()))) column.to = take('email')
    else if (
      !taken.has('phone') &&
      lookLike(samples, (text) => phone.test(text) && text.replace(/\D/g, '').length >= 9)
    )
      column.to = take('phone')
    else if (samples.some((text) => text.trim() !== ''))
      column.attribute = {
        key: keyOf(column.name, at),
        label: column.name || `${at + 1}`,
        type: typeOf(samples),
      }
  }
  return columns
}

/** What is wrong with a mapping; undefined when it can be used. Ends a sentence that begins with the field. */
export function mappingProblem(mapping: readonly Target[], definitions: Definitions): string | undefined {
  const seen = new Set<string>()
  for (const target of mapping) {
    if (target === null) continue
    const key = target.startsWith('attribute:') ? target.slice(10) : undefined
    if (key === undefined && !(targets as readonly string[]).includes(target))
      return `knows no ${target}; there are ${targets.join(', ')} and attribute:<key>`
    if (key !== undefined && !definitions.has(key)) return `names the attribute ${key}, which is not defined`
    if (seen.has(target) && target !== 'phone' && target !== 'email') return `has two columns for ${target}`
    seen.add(target)
  }
  return seen.has('phone') || seen.has('email') || seen.has('external_id')
    ? undefined
    : 'needs a column for phone, email or external_id'
}
