import { randomBytes } from 'node:crypto'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** How the command line finds the sandbox that runs in this folder. */
export interface SandboxAccess {
  /** Empty until the first start has succeeded. */
  url: string
  key: string
}

const fileOf = (dataDir: string): string => join(dataDir, 'sandbox.json')

/** What the last sandbox start left in the data directory, or undefined. */
export async function readSandboxAccess(dataDir: string): Promise<SandboxAccess | undefined> {
  const text = await readFile(fileOf(dataDir), 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  try {
    const { url, key } = JSON.parse(text)
    return typeof url === 'string' && typeof key === 'string' ? { url, key } : undefined
  } catch {
    return undefined
  }
}

/**
 * The sandbox's key: the same at every start, so that an open console and a copied curl line go on working. It is
 * kept before anybody may use it: a start that fails half-way must not leave a live key that nobody knows.
 */
export async function sandboxKey(dataDir: string): Promise<string> {
  const known = await readSandboxAccess(dataDir)
  if (known) return known.key
  const key = `kp_${randomBytes(32).toString('base64url')}`
  await writeSandboxAccess(dataDir, { url: '', key })
  return key
}

/** Forgets the key: the next sandbox start makes another one. */
export const forgetSandboxAccess = (dataDir: string): Promise<void> => rm(fileOf(dataDir), { force: true })

/** Only the owner may read it. Renamed into place, so that nobody reads half of it. */
export async function writeSandboxAccess(dataDir: string, access: SandboxAccess): Promise<void> {
  await mkdir(dataDir, { recursive: true })
  const draft = `${fileOf(dataDir)}.${process.pid}`
  await writeFile(draft, `${JSON.stringify(access, null, 2)}\n`, { mode: 0o600 })
  await rename(draft, fileOf(dataDir))
}
