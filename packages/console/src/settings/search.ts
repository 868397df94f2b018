/** What the address holds of the rooms of settings. */

const text = (value: unknown): string | undefined => (typeof value === 'string' && value ? value : undefined)

/** Undefined values are left out: the address stays short. */
const given = <T extends object>(search: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined)) as never

export const readUsersSearch = (raw: Record<string, unknown>) =>
  given({
    edit: text(raw.edit),
    reset: text(raw.reset),
    factors: text(raw.factors),
    remove: text(raw.remove),
    find: text(raw.find),
  })

export const readKeysSearch = (raw: Record<string, unknown>) =>
  given({ edit: text(raw.edit), revoke: text(raw.revoke), find: text(raw.find) })

export const readWebhooksSearch = (raw: Record<string, unknown>) =>
  given({ edit: text(raw.edit), log: text(raw.log), rotate: text(raw.rotate), remove: text(raw.remove) })

export const readAuditSearch = (raw: Record<string, unknown>) =>
  given({ actor: text(raw.actor), target: text(raw.target), before: text(raw.before) })
