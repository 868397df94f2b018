import type { Access } from '../../accounts/access.ts'
import type { Route } from '../../route.ts'
import { auditRoutes } from './audit.ts'
import { keyRoutes } from './keys.ts'
import { meRoutes } from './me.ts'
import { type NumbersHouse, numberRoutes } from './numbers.ts'
import { sessionRoutes } from './session.ts'
import { userRoutes } from './users.ts'

/** Who may come in and what they may do: keys, sessions, users, numbers, and the log of what they changed. */
export const accessRoutes = (access: Access, numbers: Omit<NumbersHouse, keyof Access>): Route[] => [
  ...keyRoutes(access.db, access.clock, access.forget),
  ...sessionRoutes(access),
  ...meRoutes(access),
  ...userRoutes(access),
  ...auditRoutes(access.db),
  ...numberRoutes({ ...access, ...numbers }),
]
