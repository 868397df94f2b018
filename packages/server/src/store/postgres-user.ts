import { lstatSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

/** The operating system's user that PostgreSQL runs as; `undefined` where it is simply us. */
export interface PostgresUser {
  readonly name: string
  readonly uid: number
  readonly gid: number
}

/** In order of preference. The first two exist only where somebody made them; `nobody` is everywhere. */
const candidates = ['kurzpost', 'postgres', 'nobody']

/**
 * PostgreSQL refuses to run as root, so root runs it as another user: the owner of the cluster where there
 * is one already, else the first candidate that this system has.
 */
export function postgresUser(ownerUid: number | undefined): PostgresUser | undefined {
  if (process.getuid?.() !== 0) return undefined
  const users = readUsers()
  const user =
    ownerUid === undefined
      ? candidates.map((name) => users.find((user) => user.name === name)).find((user) => user !== undefined)
      : users.find((user) => user.uid === ownerUid)
  if (user && user.uid !== 0) return user
  if (ownerUid === 0)
    throw new Error('The cluster belongs to root, whom PostgreSQL refuses. chown it to another user.')
  if (ownerUid !== undefined) return { name: String(ownerUid), uid: ownerUid, gid: ownerUid }
  throw new Error(
    'PostgreSQL refuses to run as root, and this system has no user "nobody" to run it as. ' +
      'Start Kurzpost as another user, or set DATABASE_URL.',
  )
}

/** initdb wants a name for its uid, so only users with an entry will do. macOS keeps its system users there too. */
function readUsers(): PostgresUser[] {
  return readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .filter((fields) => fields.length >= 4 && !fields[0]?.startsWith('#'))
    .map(([name, , uid, gid]) => ({ name: name!, uid: signed(uid!), gid: signed(gid!) }))
}

/** macOS writes nobody's uid as -2, and setuid takes it as the unsigned number. */
const signed = (id: string): number => Number(id) >>> 0

/** Whether `user` may pass through every folder down to `folder` itself. Access lists are not looked at. */
export function canEnter(folder: string, user: PostgresUser | undefined): boolean {
  if (!user) return true
  for (let path = realpathSync(folder); ; path = dirname(path)) {
    const { mode, uid, gid } = statSync(path)
    const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001
    if ((mode & bit) === 0) return false
    if (path === dirname(path)) return true
  }
}

/** Who owns `path`, or undefined where there is nothing (and on Windows, where it does not matter). */
export function ownerOf(path: string): number | undefined {
  if (process.platform === 'win32') return undefined
  return lstatSync(path, { throwIfNoEntry: false })?.uid
}
