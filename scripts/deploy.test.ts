import assert from 'node:assert/strict'
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { settings } from '../packages/server/src/config.ts'
import { catalogue, createMetrics } from '../packages/server/src/metrics.ts'
import { testDatabase } from '../packages/server/src/store/testing.ts'

/** The files that run Kurzpost for real, tried as far as that goes without a container and without systemd. */

const root = join(import.meta.dirname, '..')
const read = (path: string): string => readFileSync(join(root, path), 'utf8')
// In the tree by way of graphile-worker.
const yaml: { load(text: string): unknown } = createRequire(import.meta.url)('js-yaml')

const dockerfile = read('Dockerfile')
/** The last stage is the image; a line that ends in a backslash would go on. */
const image = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '))
const instruction = (name: string): string => {
  const found = new RegExp(`^${name} (.*)$`, 'm').exec(image)?.[1]
  assert.ok(found, `the Dockerfile has no ${name}`)
  return found
}
const words = (text: string): string[] => JSON.parse(text.slice(text.indexOf('[')))
const imageEnv = Object.fromEntries(
  [...instruction('ENV').matchAll(/(\w+)=(\S+)/g)].map(([, name, value]) => [name!, value!]),
)

interface Service {
  environment: Record<string, string>
  stop_grace_period: string
}
const compose = yaml.load(read('compose.yaml')) as { services: Record<string, Service> }
const nodes = Object.entries(compose.services).filter(([name]) => name.startsWith('kurzpost'))

/** `${NAME:?why}` and `${NAME:-otherwise}`, as Compose reads them. */
const substituted = (text: string, env: Record<string, string>): string =>
  text.replace(/\$\{(\w+)(?::([?-])([^}]*))?\}/g, (_, name: string, mark?: string, rest?: string) => {
    if (env[name]) return env[name]
    assert.notEqual(mark, '?', `${name} must be set`)
    return rest ?? ''
  })

test('the image is told of every workspace, and copies every folder that the server runs from', () => {
  const { workspaces } = JSON.parse(read('package.json')) as { workspaces: string[] }
  for (const workspace of workspaces)
    assert.match(image, new RegExp(`^COPY ${workspace}/package.json ${workspace}/$`, 'm'))
  const copied = [...image.matchAll(/^COPY (?:--from=\w+ )?(?:\/app\/)?(\S+) \1$/gm)].map(([, path]) => path!)
  assert.deepEqual(
    copied.filter((path) => !path.endsWith('/dist') && !existsSync(join(root, path))),
    [],
  )
  for (const path of ['gsm/src', 'smpp/src', 'simulator/src', 'server/src', 'server/bin', 'console/dist'])
    assert.ok(copied.includes(`packages/${path}`), path)
})

test('the image runs as nobody in particular, and stops as the server wants to be stopped', () => {
  assert.equal(instruction('USER'), 'node')
  assert.equal(instruction('STOPSIGNAL'), 'SIGTERM')
  assert.match(instruction('EXPOSE'), /\b7678\b/)
})

test('compose.yaml sets nothing that the server does not know, and no secret', () => {
  const known = new Set<string>(Object.values(settings).map(({ env }) => env))
  assert.equal(nodes.length, 2)
  for (const [name, { environment }] of nodes) {
    assert.deepEqual(
      Object.keys(environment).filter((key) => !known.has(key)),
      [],
      name,
    )
    assert.throws(() => substituted(environment.KURZPOST_BOOTSTRAP_KEY!, {}), /must be set/)
    assert.throws(() => substituted(environment.DATABASE_URL!, {}), /must be set/)
  }
})

test('both nodes of compose.yaml start by the command of the image, are healthy by its check, and stop when told', async () => {
  const { url } = await testDatabase()
  const secrets = { POSTGRES_PASSWORD: 'not-used', KURZPOST_BOOTSTRAP_KEY: 'k'.repeat(40) }
  const [command, ...args] = words(instruction('CMD'))
  const [, ...check] = words(instruction('HEALTHCHECK'))
  assert.equal(command, 'node')

  const running = nodes.map(([name, { environment }]) => {
    const filled = Object.entries(environment).map(([key, value]) => [key, substituted(value, secrets)])
    const env: Record<string, string> = { ...imageEnv, ...Object.fromEntries(filled) }
    const asked = new URL(env.DATABASE_URL!)
    assert.ok(asked.hostname in compose.services, `${name} asks ${asked.hostname} for its database`)
    // What only a container has: the host name of the database, and a port of its own, which the greeting tells.
    const here = { DATABASE_URL: url, KURZPOST_PORT: '0', KURZPOST_PUBLIC_URL: '', PATH: process.env.PATH! }
    const child = spawn(process.execPath, args, {
      cwd: root,
      env: { ...env, ...here },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    return { name, child, lines: createInterface(child.stdout) }
  })
  try {
    await Promise.all(
      running.map(async ({ name, child, lines }) => {
        const said: string[] = []
        for await (const line of lines) {
          said.push(line)
          if (line.includes(' runs at ')) break
        }
        const port = / runs at http:\/\/127\.0\.0\.1:(\d+)$/.exec(said.at(-1) ?? '')?.[1]
        assert.ok(port, `${name} said:\n${said.join('\n')}`)
        child.stdout.resume()
        const healthy = spawn(process.execPath, check, { env: { KURZPOST_PORT: port }, stdio: 'inherit' })
        assert.deepEqual(await once(healthy, 'exit'), [0, null], `${name} is healthy`)
      }),
    )
    const gone = spawnSync(process.execPath, check, { env: { KURZPOST_PORT: '1' } })
    assert.equal(gone.status, 1, 'where nothing listens nobody is healthy')
    const ended = running.map(({ child }) => once(child, 'exit'))
    for (const { child } of running) child.kill(instruction('STOPSIGNAL') as NodeJS.Signals)
    assert.deepEqual(await Promise.all(ended), [
      [0, null],
      [0, null],
    ])
  } finally {
    for (const { child } of running) child.kill('SIGKILL')
  }
})

const unit = read('deploy/kurzpost.service')
const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0

test('the unit starts what the image starts', () => {
  const [, ...args] = words(instruction('CMD'))
  assert.match(unit, new RegExp(`^ExecStart=/opt/kurzpost/node_modules/.bin/node ${args.join(' ')}$`, 'm'))
  assert.ok(!unit.includes('\nMemoryDenyWriteExecute'), 'V8 would not start')
  const known = new Set<string>([...Object.values(settings).map(({ env }) => env), 'NODE_ENV'])
  for (const [, names] of unit.matchAll(/^Environment=(.*)$/gm))
    for (const pair of names!.split(' ')) assert.ok(known.has(pair.split('=')[0]!), pair)
})

test('systemd takes the unit, and finds it well closed', { skip: !hasSystemd && 'no systemd here' }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'kurzpost-unit-'))
  const file = join(folder, 'kurzpost.service')
  try {
    // It looks whether the command is there.
    writeFileSync(file, unit.replace(/^ExecStart=\S+/m, `ExecStart=${process.execPath}`))
    execFileSync('systemd-analyze', ['verify', file], { stdio: ['ignore', 'ignore', 'pipe'] })
    const said = execFileSync('systemd-analyze', ['security', '--offline=true', '--no-pager', file], {
      encoding: 'utf8',
    })
    const exposure = Number(/exposure level for \S+: ([\d.]+)/.exec(said)?.[1])
    assert.ok(exposure < 2, `exposure is ${exposure}`)
  } finally {
    rmSync(folder, { recursive: true })
  }
})

/** The metrics that a query names, without what Prometheus puts behind those of a histogram. */
const named = (query: string): string[] =>
  [...query.matchAll(/\b(?:kurzpost|nodejs|process)_\w+/g)].map(([name]) =>
    name.replace(/_(bucket|count|sum)$/, ''),
  )
/** The labels that a query asks a metric for. */
const labelled = (query: string): [name: string, label: string][] =>
  [...query.matchAll(/\b(kurzpost_\w+)\{([^}]*)\}/g)].flatMap(([, name, inside]) =>
    [...inside!.matchAll(/(\w+)\s*[=!]/g)].map(([, label]): [string, string] => [
      name!.replace(/_(bucket|count|sum)$/, ''),
      label!,
    ]),
  )

async function demandKnown(queries: readonly string[]): Promise<void> {
  assert.ok(queries.length > 5)
  const { text } = await createMetrics({ process: true }).render()
  const names = new Set([
    ...Object.keys(catalogue),
    ...[...text.matchAll(/^# TYPE (\w+)/gm)].map(([, name]) => name!),
  ])
  assert.deepEqual(
    queries.flatMap(named).filter((name) => !names.has(name)),
    [],
  )
  const labels = new Map<string, readonly string[]>(
    Object.entries(catalogue).map(([name, entry]) => [name, 'labels' in entry ? entry.labels : []]),
  )
  assert.deepEqual(
    queries.flatMap(labelled).filter(([name, label]) => !labels.get(name)?.includes(label)),
    [],
  )
  for (const query of queries)
    for (const [open, close] of ['()', '{}', '[]'])
      assert.equal(query.split(open!).length, query.split(close!).length, query)
}

test('the dashboard names metrics and labels that there are, and shows every one of ours', async () => {
  const { panels } = JSON.parse(read('deploy/grafana-dashboard.json')) as {
    panels: { id: number; targets?: { expr: string }[] }[]
  }
  const queries = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr))
  await demandKnown(queries)
  assert.equal(new Set(panels.map(({ id }) => id)).size, panels.length)
  const shown = new Set(queries.flatMap(named))
  assert.deepEqual(
    Object.keys(catalogue).filter((name) => !shown.has(name)),
    [],
  )
})

test('the alerts name metrics and labels that there are, and say what is wrong and where to look', async () => {
  const { groups } = yaml.load(read('deploy/alerts.yaml')) as {
    groups: { rules: { alert: string; expr: string; for: string; annotations: Record<string, string> }[] }[]
  }
  const rules = groups.flatMap((group) => group.rules)
  await demandKnown(rules.map(({ expr }) => expr))
  for (const { alert, annotations } of rules)
    for (const name of ['summary', 'description'])
      assert.match(annotations[name] ?? '', /\.$/, `${alert}: ${name}`)
})
