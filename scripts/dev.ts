/**
 * `npm run dev`: the server in sandbox mode, started again when its files change, and the console from Vite, which
 * reloads as you type and passes API calls on. Ctrl-C ends both.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readSandboxAccess } from '../packages/server/src/accounts/sandbox-access.ts'
import { readConfig } from '../packages/server/src/config.ts'

process.chdir(dirname(dirname(fileURLToPath(import.meta.url))))
const config = readConfig({ ...process.env, KURZPOST_SANDBOX: 'on' })

const children: ChildProcess[] = []
let ending = false
/** Once: a second signal would end the server at once and leave its PostgreSQL behind. */
const end = () => {
  if (ending) return
  ending = true
  for (const child of children) child.kill('SIGTERM')
}
/** Starts a Node program, out of reach of the terminal's Ctrl-C, which we pass on; one without the other is of no use. */
function start(args: string[], env: Record<string, string> = {}): void {
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: true,
    env: { ...process.env, ...env },
  })
  child.once('exit', end)
  children.push(child)
}
process.once('SIGINT', end)
process.once('SIGTERM', end)

start(['--watch', 'packages/server/bin/kurzpost.js', 'serve', '--sandbox'])
start(['node_modules/vite/bin/vite.js', 'packages/console'], {
  KURZPOST_URL: `http://127.0.0.1:${config.port}`,
})

const access = await readSandboxAccess(config.dataDir)
if (access) console.log(`Console with reloading: http://127.0.0.1:5173/#key=${access.key}`)
