import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'

/**
 * Builds packages/console/dist when its sources are newer than the build, so that `npm start` and `npm test`
 * serve what is in the checkout. What it was built from is kept as a hash beside it; a fresh build costs a few
 * milliseconds and says nothing.
 */
const root = join(import.meta.dirname, '..')
const consoleDir = join(root, 'packages/console')
const dist = join(consoleDir, 'dist')
const stamp = '.inputs.sha256'

/** gsm is compiled into the console; the lock file stands for every other package. */
const inputs = [
  'packages/console/src',
  'packages/console/public',
  'packages/console/index.html',
  'packages/console/vite.config.ts',
  'packages/console/package.json',
  'packages/gsm/src',
  'package-lock.json',
]

function filesOf(path: string): string[] {
  const entries = readdirSync(path, { withFileTypes: true, recursive: true })
  return entries
    .filter((entry) => entry.isFile() && !/\.test\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
}

function hashOfInputs(): string {
  const hash = createHash('sha256')
  const files = inputs
    .map((input) => join(root, input))
    .flatMap((path) => (/\.\w+$/.test(path) ? [path] : filesOf(path)))
    .sort()
  for (const file of files) {
    hash.update(relative(root, file)).update('\0').update(readFileSync(file)).update('\0')
  }
  return hash.digest('hex')
}

const wanted = hashOfInputs()
const stampFile = join(dist, stamp)
const built = existsSync(stampFile) ? readFileSync(stampFile, 'utf8') : undefined

if (built !== wanted) {
  const start = performance.now()
  const { build } = await import('vite')
  // Built aside and moved in whole: a server that runs meanwhile never serves half a console. A build that is
  // killed leaves its rest where nothing looks.
  const fresh = join(consoleDir, 'node_modules', `.console-${process.pid}`)
  process.env.NODE_ENV = 'production'
  await build({
    root: consoleDir,
    configFile: join(consoleDir, 'vite.config.ts'),
    logLevel: 'error',
    build: { outDir: fresh, emptyOutDir: true },
  })
  writeFileSync(join(fresh, stamp), wanted)
  rmSync(dist, { recursive: true, force: true })
  renameSync(fresh, dist)
  console.log(`console built in ${((performance.now() - start) / 1000).toFixed(1)} s`)
}
