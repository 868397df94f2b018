/** What the rooms about people keep in the address bar. What makes no sense there is left out. */
type Raw = Record<string, unknown>

const text = (value: unknown, longest: number): string | undefined =>
  typeof value === 'string' && value ? value.slice(0, longest) : undefined
const id = (prefix: string, value: unknown): string | undefined =>
  typeof value === 'string' && new RegExp(`^${prefix}_\\w{26}$`).test(value) ? value : undefined
const given = <T extends Record<string, unknown>>(of: T) =>
  Object.fromEntries(Object.entries(of).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }

export interface PeopleSearch {
  find?: string
  tag?: string
  list?: string
  before?: string
  act?: 'new'
}
export const readPeopleSearch = (raw: Raw): PeopleSearch =>
  given({
    find: text(raw.find, 100),
    tag: text(raw.tag, 50),
    list: id('lst', raw.list),
    before: id('con', raw.before),
    act: raw.act === 'new' ? ('new' as const) : undefined,
  })

export const personActs = ['edit', 'merge', 'erase'] as const
export interface PersonSearch {
  act?: (typeof personActs)[number]
}
export const readPersonSearch = (raw: Raw): PersonSearch =>
  given({ act: personActs.find((each) => each === raw.act) })

export const readImportSearch = (raw: Raw): { id?: string } => given({ id: id('imp', raw.id) })

export interface SegmentsSearch {
  edit?: string
  remove?: string
}
export const readSegmentsSearch = (raw: Raw): SegmentsSearch =>
  given({ edit: raw.edit === 'new' ? 'new' : id('seg', raw.edit), remove: id('seg', raw.remove) })

export interface ListsSearch {
  edit?: string
  remove?: string
}
export const readListsSearch = (raw: Raw): ListsSearch =>
  given({ edit: raw.edit === 'new' ? 'new' : id('lst', raw.edit), remove: id('lst', raw.remove) })

export interface AudiencesSearch {
  id?: string
  segment?: string
  list?: string
  act?: 'new'
  before?: string
}
export const readAudiencesSearch = (raw: Raw): AudiencesSearch =>
  given({
    id: id('aud', raw.id),
    segment: id('seg', raw.segment),
    list: id('lst', raw.list),
    act: raw.act === 'new' ? ('new' as const) : undefined,
    before: id('aud', raw.before),
  })
