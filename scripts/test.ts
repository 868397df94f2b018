/**
 * `npm test`: starts one PostgreSQL for the run, gives it to every test file of the packages and the examples,
 * and stops it again, whatever comes. `npm test -- packages/gsm` runs the files whose path holds one of the
 * words; what begins with a dash goes to `node --test` as it is.
 */
import { spawn } from 'node:child_process'
import { globSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  clusterVariable,
  databaseUrl,
  startTestCluster,
  startTestRun,
  sweepTestRuns,
} from '../packages/server/src/store/test-cluster.ts'

process.chdir(dirname(dirname(fileURLToPath(import.meta.url))))

const words = process.argv.slice(2).filter((argument) => !argument.startsWith('-'))
const flags = process.argv.slice(2).filter((argument) => argument.startsWith('-'))
const files = globSync(
  [
    'packages/*/src/**/*.test.{ts,tsx}',
    'packages/*/test/**/*.test.ts',
    'examples/**/*.test.ts',
    'scripts/**/*.test.ts',
  ],
  {
    exclude: ['**/node_modules/**'],
  },
)
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => words.length === 0 || words.some((word) => path.includes(word.replace(/^\.\//, ''))))
  .sort()
if (files.length === 0) {
  console.error(`No test file matches ${words.join(' ')}.`)
  process.exit(1)
}

// A developer's own settings must not change what the tests see.
const env = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => name !== 'DATABASE_URL' && !name.startsWith('KURZPOST_')),
)

sweepTestRuns()
const run = startTestRun()
Object.assign(process.env, run.env)
const { cluster, end } = await startTestCluster()
const child = spawn(
  process.execPath,
  // The stories wait a quarter of their time, so three at a time suit two cores. A file that hangs fails.
  [
    '--test',
    '--test-concurrency=3',
    '--test-timeout=300000',
    '--import',
    './scripts/test-leak-guard.ts',
    ...flags,
    ...files,
  ],
  {
    stdio: 'inherit',
    env: {
      ...env,
      ...run.env,
      [clusterVariable]: databaseUrl(cluster.url, 'postgres'),
      // Each file is a process of its own, and half of what a short one takes is to strip types and to compile.
      NODE_COMPILE_CACHE: join(process.cwd(), 'node_modules/.cache/kurzpost'),
    },
  },
)
const interrupted = (signal: NodeJS.Signals) => child.kill(signal)
process.on('SIGINT', interrupted).on('SIGTERM', interrupted)
const status = await new Promise<number>((resolve) => {
  child.once('error', () => resolve(1))
  child.once('exit', (code) => resolve(code ?? 1))
})
await end()
run.end()
process.exitCode = status
