import type { Access } from '../accounts/access.ts'
import { createAudit } from '../accounts/audit.ts'
import { createPasswords, type Derive } from '../accounts/password.ts'
import type { RoleName } from '../accounts/roles.ts'
import { createAccess } from '../accounts/start.ts'
import { insertMembership, insertUser } from '../accounts/user.store.ts'
import { createBell } from '../bell.ts'
import { type Clock, systemClock } from '../clock.ts'
import { publicId, uuidv7 } from '../ids.ts'
import { silentLog } from '../log.ts'
import type { Route } from '../route.ts'
import type { Db } from '../store/db.ts'
import { accessRoutes } from './native/access.ts'
import { type Answer, type TestApi, testApi } from './testing.ts'

export interface Browser {
  ask(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>
  /** As the header says it; empty before a sign-in. */
  cookie: string
}

export interface AccessApi {
  api: TestApi
  access: Access
  /** A browser on a page of ours, signed in by nothing yet. */
  browser(cookie?: string): Browser
  /** A member of the first account, or of another. */
  user(role: RoleName, email: string, accountId?: string): Promise<string>
  /** A browser of a user who has signed in. */
  enter(email: string): Promise<Browser>
  /** Passwords that were derived so far. */
  derived(): number
}

export const password = 'a horse in the post office'

/** As good as argon2id for comparing what is given with what is stored, and for counting; not as slow. */
const quick: Derive = async (text, salt) => {
  const { hash } = await import('node:crypto')
  return hash('sha256', `${text} ${salt.toString('hex')}`, 'buffer')
}

/** An HTTP server with everything about users, on a database of its own. */
export async function accessApi(
  options: { clock?: Clock; routes?: (parts: { db: Db }) => Route[] } = {},
): Promise<AccessApi> {
  const { clock = systemClock, routes = () => [] } = options
  let access!: Access
  let derivations = 0
  const passwords = createPasswords((...given) => {
    derivations++
    return quick(...given)
  })
  const log = silentLog
  const late: Partial<ReturnType<typeof createAudit>> = {}
  const api = await testApi(
    ({ db, authenticator }) => {
      const { forget } = authenticator
      access = createAccess({
        ...{ db, clock, forget, publicUrl: undefined, operator: '' },
        keyed: () => Buffer.alloc(32, 7),
      })
      Object.assign(access, { passwords })
      Object.assign(late, createAudit({ db, clock, log }))
      return [
        ...accessRoutes(access, { bell: createBell(), country: 'DE', reread: async () => {} }),
        ...routes({ db }),
      ]
    },
    { clock, audit: late as ReturnType<typeof createAudit> },
  )
  access.operator = api.accountId

  const browser = (cookie = ''): Browser => {
    const it: Browser = {
      cookie,
      async ask(method, path, body, headers = {}) {
        const answer = await api.as(undefined)(method, path, body, {
          origin: api.server.url,
          ...(it.cookie === '' ? {} : { cookie: it.cookie }),
          ...headers,
        })
        const set = answer.headers.get('set-cookie')
        if (set) it.cookie = set.split(';')[0]!
        return answer
      },
    }
    return it
  }
  return {
    api,
    access,
    browser,
    async user(role, email, accountId = api.accountId) {
      const now = clock.now()
      const id = uuidv7(now.getTime())
      const hash = await passwords.hash(password)
      await insertUser(api.db, { id, email, name: email.split('@')[0]!, password: hash }, now)
      await insertMembership(api.db, accountId, id, role, now)
      return publicId('user', id)
    },
    async enter(email) {
      const it = browser()
      const { status } = await it.ask('POST', '/v1/session', { email, password })
      if (status !== 201) throw new Error(`the sign-in of ${email} answered ${status}`)
      return it
    },
    derived: () => derivations,
  }
}
