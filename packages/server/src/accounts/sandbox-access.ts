import { randomBytes } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** How the command line finds the sandbox that runs in this folder. */
export interface SandboxAccess {
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

/** The sandbox's key: the same at every start, so that an open console and a copied curl line go on working. */
export async function sandboxKey(dataDir: string): Promise<string> {
  return (await readSandboxAccess(dataDir))?.key ?? `kp_${randomBytes(32).toString('base64url')}`
}

/** Only the owner may read it. Renamed into place, so that nobody reads half of it. */
export async function writeSandboxAccess(dataDir: string, access: SandboxAccess): Promise<void> {
  await mkdir(dataDir, { recursive: true })
  const draft = `${fileOf(dataDir)}.${process.pid}`
  await writeFile(draft, `${JSON.stringify(access, null, 2)}\n`, { mode: 0o600 })
  await rename(draft, fileOf(dataDir))
}
