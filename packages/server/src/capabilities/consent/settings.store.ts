import { uuids } from '../../store/arrays.ts'
import { statement, type Tx } from '../../store/db.ts'

export const optOutScopes = ['topic', 'sender', 'account'] as const
export type OptOutScope = (typeof optOutScopes)[number]

export interface ConsentSettings {
  opt_out_scope: OptOutScope
  /** Null: the account's own name. */
  display_name: string | null
  help_contact: string | null
  /** `{opt_out | start | help: {language: text}}`, for words that concern no topic. */
  texts: { readonly [N in 'opt_out' | 'start' | 'help']?: Readonly<Record<string, string>> }
}

const selectSettings = statement(
  'consent_settings_of',
  `select a.id as account_id, a.name, s.opt_out_scope, s.display_name, s.help_contact, s.texts
   from unnest($1::uuid[]) as d(id)
   cross join lateral (select id, name from accounts a where a.id = d.id limit 1) a
   left join lateral (select * from consent_settings s where s.account_id = a.id limit 1) s on true`,
)
const upsertSettings = statement(
  'consent_settings_write',
  `insert into consent_settings (account_id, opt_out_scope, display_name, help_contact, texts, updated_at)
   values ($1, $2, $3, $4, $5, $6)
   on conflict (account_id) do update set opt_out_scope = excluded.opt_out_scope, display_name = excluded.display_name,
     help_contact = excluded.help_contact, texts = excluded.texts, updated_at = excluded.updated_at`,
)

/** By account, with what holds where nobody has set anything; `name` is the account's own. */
export async function readSettings(
  tx: Tx,
  accounts: Iterable<string>,
): Promise<Map<string, ConsentSettings & { name: string }>> {
  const rows = await tx.query<Partial<ConsentSettings> & { account_id: string; name: string }>(
    selectSettings,
    [uuids([...new Set(accounts)])],
  )
  return new Map(
    rows.map(({ account_id, name, opt_out_scope, display_name, help_contact, texts }) => [
      account_id,
      {
        name,
        opt_out_scope: opt_out_scope ?? 'sender',
        display_name: display_name ?? null,
        help_contact: help_contact ?? null,
        texts: texts ?? {},
      },
    ]),
  )
}

export async function writeSettings(
  tx: Tx,
  accountId: string,
  { opt_out_scope, display_name, help_contact, texts }: ConsentSettings,
  now: Date,
): Promise<void> {
  await tx.query(upsertSettings, [
    accountId,
    opt_out_scope,
    display_name,
    help_contact,
    JSON.stringify(texts),
    now,
  ])
}
