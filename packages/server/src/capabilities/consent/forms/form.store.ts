import { statement, type Tx } from '../../../store/db.ts'

/** By language, such as `de`. */
export type Words = Readonly<Record<string, string>>

export interface FormSettings {
  title: Words
  intro: Words
  /** Bare UUIDs, in their order on the page. */
  topics: readonly string[]
  /** In place of the topics’ own. */
  sender: string | null
  /** From which numbers may sign up, ISO 3166-1; empty: any. */
  countries: readonly string[]
  /** Of people whose browser asks for none of ours. */
  language: 'de' | 'en'
  privacy_url: string | null
  /** How long an answer counts. */
  expires_hours: number
}

export interface Form {
  account_id: string
  /** Bare UUID. */
  id: string
  slug: string
  settings: FormSettings
  enabled: boolean
  created_at: Date
  updated_at: Date
}

const insert = statement(
  'consent_forms_insert',
  `insert into consent_forms (account_id, id, slug, settings, enabled, created_at, updated_at) values ($1, $2, $3, $4, $5, $6, $6)
   on conflict do nothing returning *`,
)
const update = statement(
  'consent_forms_update',
  `update consent_forms f set slug = $3, settings = $4, enabled = $5, updated_at = $6
   where f.account_id = $1 and f.id = $2 and not exists (
     select from consent_forms o where o.slug = $3 and o.id <> $2)
   returning *`,
)
const remove = statement(
  'consent_forms_delete',
  'delete from consent_forms where account_id = $1 and id = $2 returning id',
)
const byId = statement('consent_form', 'select * from consent_forms where account_id = $1 and id = $2')
const bySlug = statement('consent_form_by_slug', 'select * from consent_forms where slug = $1')
const list = statement(
  'consent_forms_list',
  `select * from consent_forms where account_id = $1 and ($2::uuid is null or id < $2) order by id desc limit $3`,
)

type Made = Pick<Form, 'account_id' | 'id' | 'slug' | 'settings' | 'enabled'>
const values = ({ account_id, id, slug, settings, enabled }: Made, now: Date): unknown[] => [
  ...[account_id, id, slug, JSON.stringify(settings), enabled, now],
]

/** Undefined where another form has the slug, of whatever account. */
export const insertForm = async (tx: Tx, form: Made, now: Date): Promise<Form | undefined> =>
  (await tx.query<Form>(insert, values(form, now)))[0]

export const updateForm = async (tx: Tx, form: Made, now: Date): Promise<Form | undefined> =>
  (await tx.query<Form>(update, values(form, now)))[0]

export const deleteForm = async (tx: Tx, accountId: string, id: string): Promise<boolean> =>
  (await tx.query(remove, [accountId, id])).length > 0

export const findForm = async (tx: Tx, accountId: string, id: string): Promise<Form | undefined> =>
  (await tx.query<Form>(byId, [accountId, id]))[0]

export const findFormBySlug = async (tx: Tx, slug: string): Promise<Form | undefined> =>
  (await tx.query<Form>(bySlug, [slug]))[0]

/** Newest first. */
export const listForms = (tx: Tx, accountId: string, before: string | null, limit: number): Promise<Form[]> =>
  tx.query<Form>(list, [accountId, before, limit])
