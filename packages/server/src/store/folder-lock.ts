import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/** Somebody else holds the folder. `message` is a sentence for the person who started the second server. */
export class FolderInUseError extends Error {
  readonly folder: string
  readonly pid: number | undefined
  constructor(folder: string, pid: number | undefined) {
    const holder = pid === undefined ? 'Another Kurzpost server' : `Another Kurzpost server (process ${pid})`
    super(
      `${holder} uses the folder ${folder}. Stop it first, or give this one a folder of its own with KURZPOST_DATA_DIR.`,
    )
    this.name = 'FolderInUseError'
    this.folder = folder
    this.pid = pid
  }
}

export interface FolderLock {
  release(): void
}

/**
 * Takes `folder` for this process, or throws FolderInUseError.
 *
 * The lock is the kernel's: SQLite's write lock on an empty file, the one portable file lock that Node has
 * (fcntl, LockFileEx on Windows). It dies with the process however that ends, is not inherited by the
 * postmaster, and no pid that comes round again can hold it. Never read that file otherwise: closing any
 * other descriptor of it would drop an fcntl lock. So who holds it stands in a file of its own.
 */
export function lockFolder(folder: string): FolderLock {
  const holder = join(folder, 'server.pid')
  const file = new DatabaseSync(join(folder, 'server.lock'))
  try {
    file.exec('pragma journal_mode = memory') // nothing is ever written, so no journal beside it
    file.exec('begin immediate')
  } catch (error) {
    file.close()
    const busy = (error as { errcode?: number }).errcode === 5 // SQLITE_BUSY
    throw busy ? new FolderInUseError(folder, readPid(holder)) : error
  }
  writeFileSync(holder, `${process.pid}\n`)
  return {
    release() {
      rmSync(holder, { force: true })
      file.close()
    },
  }
}

function readPid(path: string): number | undefined {
  try {
    return Number.parseInt(readFileSync(path, 'utf8'), 10) || undefined
  } catch {
    return undefined // the other one is just starting, or just gone
  }
}
