import type { Static } from 'typebox'
import type { Bell } from '../bell.ts'
import type { Clock } from '../clock.ts'
import { KurzpostError } from '../errors.ts'
import { uuidv7 } from '../ids.ts'
import type { Db } from '../store/db.ts'
import {
  deleteLogin,
  insertLogin,
  type Login,
  type LoginChange,
  loginsOf,
  updateLogin,
  waitingOf,
} from './login.store.ts'
import { hashPassword, newPassword } from './password.ts'
import { badBlock, type LoginChange as ChangeSchema, loginJson, type NewLogin } from './schemas.ts'
import { listSessions } from './session.store.ts'

export type LoginWish = Static<typeof NewLogin>
export type LoginChangeWish = Static<typeof ChangeSchema>
export type LoginView = ReturnType<typeof loginJson>

/** What a login has that nobody said otherwise of. */
const standard = {
  enabled: true,
  allowed_ips: [],
  max_binds: 10,
  window_size: 100,
  segments_per_second: null,
  bind_types: ['transceiver', 'transmitter', 'receiver'],
  lane: 'transactional',
  receives: [],
  tls_only: false,
  alphabet: 'gsm7',
  long_inbound: 'udh',
} as const satisfies Partial<Login>

export interface Logins {
  /** The password is in this answer and never again. Throws `name_taken`, `invalid_request`. */
  add(accountId: string, wish: LoginWish): Promise<{ login: LoginView; password: string }>
  list(accountId: string): Promise<LoginView[]>
  /** Throws `not_found`, as the next two do. */
  get(accountId: string, id: string): Promise<LoginView>
  change(accountId: string, id: string, wish: LoginChangeWish): Promise<LoginView>
  remove(accountId: string, id: string): Promise<void>
}

/** Logins as people manage them, by the API and by the command line alike. Nodes hear of a change by bell, or within a second. */
export function createLogins({ db, clock, bell }: { db: Db; clock: Clock; bell: Bell }): Logins {
  async function views(rows: readonly Login[]): Promise<LoginView[]> {
    const [sessions, waiting] = await Promise.all([
      listSessions(db),
      waitingOf(
        db,
        rows.map((row) => row.id),
      ),
    ])
    const byLogin = new Map(waiting.map((row) => [row.login_id, row]))
    return rows.map((row) => loginJson(row, sessions, byLogin.get(row.id)))
  }
  const view = async (row: Login | undefined): Promise<LoginView> => {
    if (!row) throw new KurzpostError('not_found')
    return (await views([row]))[0]!
  }

  return {
    async add(accountId, { password = newPassword(), window, system_id, name = system_id, ...wish }) {
      requireBlocks(wish.allowed_ips)
      const now = clock.now()
      const row = await insertLogin(
        db,
        {
          ...{ ...standard, bind_types: [...standard.bind_types], receives: [], allowed_ips: [] },
          ...wish,
          ...(window !== undefined && { window_size: window }),
          ...{ account_id: accountId, id: uuidv7(now.getTime()), system_id, name },
          password: await hashPassword(password),
        },
        now,
      )
      if (!row) throw new KurzpostError('name_taken')
      bell.ring('logins')
      return { login: await view(row), password }
    },
    async list(accountId) {
      return views(await loginsOf(db, accountId))
    },
    async get(accountId, id) {
      return view((await loginsOf(db, accountId, id))[0])
    },
    async change(accountId, id, { window, password, ...wish }) {
      requireBlocks(wish.allowed_ips)
      const change: LoginChange = {
        ...wish,
        ...(window !== undefined && { window_size: window }),
        ...(password !== undefined && { password: await hashPassword(password) }),
      }
      const row = await updateLogin(db, accountId, id, change, clock.now())
      bell.ring('logins')
      return view(row)
    },
    async remove(accountId, id) {
      if (!(await deleteLogin(db, accountId, id, clock.now()))) throw new KurzpostError('not_found')
      bell.ring('logins')
    },
  }
}

function requireBlocks(blocks: readonly string[] = []): void {
  const bad = badBlock(blocks)
  if (bad !== undefined)
    throw new KurzpostError('invalid_request', {
      details: [{ field: 'allowed_ips', message: `${bad} is no IP address and no block of them` }],
    })
}
