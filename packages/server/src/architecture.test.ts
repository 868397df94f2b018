import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

/** Holds the house in shape: who may import whom, no cycles, SQL in its places. The rules are the tables below. */

const packages = fileURLToPath(new URL('../../', import.meta.url))

interface Import {
  /** Path below packages/, or the name of a package or of a Node module. */
  target: string
  line: number
}

const slashes = (path: string): string => path.replaceAll('\\', '/')
const isTest = (path: string): boolean =>
  /\.test\.tsx?$|testing(\/|\.ts|-)|(^|\/)test(-|\/)|\/stories\//.test(path)
const files = globSync('*/src/**/*.{ts,tsx}', { cwd: packages }).map(slashes).sort()
const sources = files.filter((path) => !isTest(path))
const text = new Map(files.map((path) => [path, readFileSync(join(packages, path), 'utf8')]))

/** Static and dynamic imports, those of types among them. */
const pattern = /^(?:import|export)\b(?:[^'"`;=]*?\bfrom)?\s*'([^']+)'|\bimport\(\s*'([^']+)'\s*\)/gm

function importsOf(path: string): Import[] {
  const source = text.get(path)!
  return [...source.matchAll(pattern)].map((match) => {
    const name = match[1] ?? match[2]!
    return {
      target: name.startsWith('.') ? slashes(normalize(join(dirname(path), name))) : name,
      line: source.slice(0, match.index).split('\n').length,
    }
  })
}
const graph = new Map(sources.map((path) => [path, importsOf(path)]))

/** Every import of the files under `from` that no entry of `allowed` covers, as sentences. */
function strays(
  from: (path: string) => boolean,
  allowed: (target: string, path: string) => boolean,
): string[] {
  return sources.filter(from).flatMap((path) =>
    graph
      .get(path)!
      .filter(({ target }) => !allowed(target, path))
      .map(({ target, line }) => `${path}:${line} imports ${target}`),
  )
}

const server = 'server/src/'
const inServer = (path: string): string => path.slice(server.length)
const isOutside = (target: string): boolean => !target.includes('/src/') || target.startsWith('@')

/** What stands at the bottom: it imports nothing of the house but other leaves. */
const leaves = [
  ...[
    'batcher',
    'bell',
    'canonical',
    'clock',
    'config',
    'drain',
    'egress',
    'errors',
    'events',
    'html',
    'idempotency',
    'ids',
    'json-pointer',
    'keyed-hash',
    'log',
    'mask',
    'metrics',
    'pause',
    'pulse',
  ],
  ...['roles', 'route', 'tracing', 'validation', 'version'],
  ...['access', 'consent', 'fates', 'people', 'services'].map((part) => `errors/${part}`),
].map((name) => `${name}.ts`)

/** Layers of the server, bottom up. A layer imports itself, the leaves, and what its entry names: folders or files. */
const layers: Record<string, string[]> = {
  'store/': [],
  'accounts/': ['store/', 'jobs/'],
  'jobs/': ['store/'],
  'outbox/': ['store/'],
  // To it a carrier is an id; of a message it knows the words that routes look at.
  'routing/': ['store/', 'message/lane.ts'],
  'carriers/': ['store/', 'accounts/', 'routing/', 'message/lane.ts', 'message/address.ts'],
  'message/': ['store/', 'jobs/', 'outbox/', 'routing/', 'carriers/carrier.ts'],
  'inbound/': ['store/', 'jobs/', 'outbox/', 'carriers/carrier.ts'],
  'webhooks/': ['store/', 'jobs/', 'outbox/'],
  // Carriers, routes and messages brought together: which bind this node holds, and what it may take.
  'fleet/': ['store/', 'jobs/', 'outbox/', 'carriers/', 'routing/', 'message/', 'inbound/'],
  // The SMPP door for customers' own systems: like http/ it translates and decides nothing.
  'esme/': ['store/', 'accounts/', 'outbox/', 'message/'],
  'platform.ts': ['store/', 'jobs/', 'outbox/', 'message/', 'inbound/'],
  // Of the core a capability sees the platform and the words that drafts and incoming messages are made of.
  'capabilities/': [
    'platform.ts',
    ...['store/db.ts', 'store/arrays.ts', 'store/analytic.store.ts', 'store/erased.store.ts'],
    ...['message/draft.ts', 'message/lane.ts', 'message/state.ts', 'message/address.ts'],
    'message/price.ts',
    ...['message/gate.ts', 'inbound/incoming.ts', 'inbound/claim.ts'],
  ],
  'http/': ['store/', 'accounts/', 'message/'],
}
/** The composition root and what only it and the command line use: they may import everything. */
const top = ['main.ts', 'readiness.ts', 'sandbox.ts', 'cli/']

for (const [layer, below] of Object.entries(layers)) {
  test(`${layer} imports only itself, the leaves${below.map((name) => `, ${name}`).join('')}`, () => {
    const allowed = [layer, ...leaves, ...below]
    assert.deepEqual(
      strays(
        (path) => path.startsWith(server) && inServer(path).startsWith(layer),
        (target) => isOutside(target) || allowed.some((name) => inServer(target).startsWith(name)),
      ),
      [],
    )
  })
}

test('leaves import leaves only', () => {
  assert.deepEqual(
    strays(
      (path) => leaves.includes(inServer(path)),
      (target) => isOutside(target) || leaves.includes(inServer(target)),
    ),
    [],
  )
})

test('every file of the server belongs to a layer', () => {
  const known = [...leaves, ...Object.keys(layers), ...top]
  const homeless = sources.filter(
    (path) => path.startsWith(server) && !known.some((name) => inServer(path).startsWith(name)),
  )
  assert.deepEqual(homeless, [])
})

/** The second folder of a path: which capability, which carrier. */
const partOf = (path: string): string => inServer(path).split('/')[1]!

test('capabilities do not import each other', () => {
  const inside = `${server}capabilities/`
  assert.deepEqual(
    strays(
      (path) => path.startsWith(inside) && path !== `${inside}index.ts`,
      (target, path) => !target.startsWith(inside) || partOf(target) === partOf(path),
    ),
    [],
  )
})

test('a carrier imports the port, gsm, smpp and itself, never the store or another carrier', () => {
  const inside = `${server}carriers/`
  const shared = ['carrier.ts', 'report.ts', 'pattern.ts'].map((name) => inside + name)
  assert.deepEqual(
    strays(
      (path) => path.startsWith(inside) && inServer(path).split('/').length > 2,
      (target, path) =>
        isOutside(target) ||
        leaves.includes(inServer(target)) ||
        shared.includes(target) ||
        (target.startsWith(inside) && partOf(target) === partOf(path)),
    ),
    [],
  )
})

test('in smpp only net/ knows sockets: codec, session, pacing and door import nothing of it', () => {
  const pure = ['pdu', 'session', 'pacing', 'door'].map((folder) => `smpp/src/${folder}/`)
  assert.deepEqual(
    strays(
      (path) => pure.some((folder) => path.startsWith(folder)),
      (target) => !target.startsWith('smpp/src/net/'),
    ),
    [],
  )
})

/** What a package may import beside itself. `node:` stands for all of Node, `npm` for what its package.json names. */
const walls: Record<string, string[]> = {
  gsm: [],
  smpp: ['node:'],
  simulator: ['node:', '@kurzpost/gsm', '@kurzpost/smpp'],
  server: ['node:', '@kurzpost/gsm', '@kurzpost/smpp', '@kurzpost/simulator/', 'npm'],
  console: ['@kurzpost/gsm', 'npm'],
}

for (const [name, allowed] of Object.entries(walls)) {
  test(`${name} imports ${['only itself', ...allowed].join(', ')}`, () => {
    const manifest = JSON.parse(readFileSync(join(packages, name, 'package.json'), 'utf8'))
    const npm = allowed.includes('npm')
      ? Object.keys(manifest.dependencies ?? {}).filter((dependency) => !dependency.startsWith('@kurzpost/'))
      : []
    const may = [...allowed, ...npm]
    assert.deepEqual(
      strays(
        (path) => path.startsWith(`${name}/`),
        (target) =>
          target.startsWith(`${name}/`) ||
          may.some((entry) => target === entry || target.startsWith(entry.replace(/[^:/]$/, '$&/'))),
      ),
      [],
    )
  })
}

test('gsm runs in a browser: it names nothing of Node', () => {
  const nodeOnly = sources.filter(
    (path) => path.startsWith('gsm/') && /\b(Buffer|process|require)\s*[.(]/.test(text.get(path)!),
  )
  assert.deepEqual(nodeOnly, [])
})

test('there are no cycles of imports', () => {
  const done = new Set<string>()
  const cycles: string[] = []
  const visit = (path: string, way: string[]): void => {
    if (way.includes(path)) cycles.push([...way.slice(way.indexOf(path)), path].join(' -> '))
    if (done.has(path)) return
    done.add(path)
    for (const { target } of graph.get(path) ?? []) visit(target, [...way, path])
  }
  for (const path of sources) visit(path, [])
  assert.deepEqual(cycles, [])
})

test('every relative import names a file that is there', () => {
  const missing = strays(
    () => true,
    (target) => isOutside(target) || existsSync(join(packages, target.replace(/\?.*$/, ''))),
  )
  assert.deepEqual(missing, [])
})

/** A string that begins as a statement does. The house writes SQL in lower case. */
const sql =
  /['"`]\s*(select\s|insert\s+into\s|update\s+\w+\s+(\w+\s+)?set\s|delete\s+from\s|with\s+\w+\s+as\s|truncate\s|(create|alter|drop)\s+(table|index|function|type|database)\s|begin\b|commit\b|rollback\b|listen\s|notify\s)/

test('SQL stands in store/ and in files that are called store', () => {
  const elsewhere = sources.filter(
    (path) => !/\/store\/|[/.]store\.ts$/.test(path) && path.startsWith(server) && sql.test(text.get(path)!),
  )
  assert.deepEqual(elsewhere, [])
})

test('names say what is inside: no utils, helpers or common', () => {
  const vague = files.filter((path) => /(^|\/)(utils?|helpers?|common|misc|lib)(\/|\.tsx?$)/i.test(path))
  assert.deepEqual(vague, [])
})

test('no file but a test is longer than 400 lines', () => {
  const long = sources.filter((path) => text.get(path)!.split('\n').length > 401)
  assert.deepEqual(long, [])
})
