import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, before, test } from 'node:test'
import { npm, pack } from './pack.ts'

const root = join(import.meta.dirname, '..')
const folder = mkdtempSync(join(tmpdir(), 'kurzpost-pack-'))
const project = join(folder, 'project')
after(() => rmSync(folder, { recursive: true }))

/** A project of somebody else, far from the checkout, without network. */
before(() => {
  mkdirSync(project)
  writeFileSync(join(project, 'package.json'), JSON.stringify({ name: 'elsewhere', type: 'module' }))
  const tarballs = pack(folder)
  npm(['install', '--offline', '--no-audit', '--no-fund', ...tarballs], project)
})

const example = (name: string) => cpSync(join(root, 'packages/smpp/examples', name), join(project, name))

function run(t: { after(end: () => void): void }, file: string, ...args: string[]) {
  const child = spawn(process.execPath, [join(project, file), ...args], {
    cwd: project,
    env: { ...process.env, SMPP_PORT: args[0] ?? '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  t.after(() => child.kill())
  return createInterface(child.stdout)
}

test('what is packed is JavaScript and its declarations, and no test', () => {
  for (const name of ['gsm', 'smpp', 'simulator']) {
    const installed = join(project, 'node_modules/@kurzpost', name)
    const manifest = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'))
    for (const field of ['description', 'keywords', 'license', 'engines'])
      assert.ok(manifest[field], `${name}: ${field}`)
    assert.deepEqual(readdirSync(installed).sort(), ['LICENSE', 'README.md', 'dist', 'package.json'])
    const files = readdirSync(join(installed, 'dist'), { recursive: true, encoding: 'utf8' })
    const odd = files.filter((file) => file.includes('.') && !/^[^.]+\.(js|d\.ts)$/.test(file))
    assert.deepEqual(odd, [], name)
  }
})

test('strict TypeScript elsewhere takes the declarations and every example of the README, and these run against each other', async (t) => {
  example('smsc.ts')
  example('client.ts')
  const readme = readFileSync(join(root, 'packages/smpp/README.md'), 'utf8')
  const blocks = [...readme.matchAll(/^```ts\n(.*?)^```/gms)].map(([, block]) => block!)
  assert.ok(blocks.length > 5)
  for (const [number, block] of blocks.entries()) writeFileSync(join(project, `readme-${number}.ts`), block)
  writeFileSync(
    join(project, 'libraries.ts'),
    `import { segmentText } from '@kurzpost/gsm'
import { startSimulator } from '@kurzpost/simulator'
import { certificate } from '@kurzpost/smpp/testing'
const { segments } = segmentText('Hello')
const simulator = await startSimulator({ smppPort: 0, httpPort: 0 })
console.log(segments.length, typeof certificate, simulator.smppPort > 0)
await simulator.close()
`,
  )
  const options = {
    target: 'es2023',
    module: 'nodenext',
    strict: true,
    skipLibCheck: false,
    types: ['node'],
    typeRoots: [join(root, 'node_modules/@types')],
  }
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions: options }))
  execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', project], {
    stdio: 'inherit',
  })

  const [listening] = (await once(run(t, 'smsc.js'), 'line')) as [string]
  const lines: string[] = []
  for await (const line of run(t, 'client.js', /\d+$/.exec(listening)![0])) lines.push(line)
  assert.deepEqual(lines.sort(), ['receipt: delivered', 'submitted: 36 characters of id'])
  const [said] = await once(run(t, 'libraries.js'), 'line')
  assert.equal(said, '1 string true')
})

test('the simulator is a command', async (t) => {
  const bin = JSON.parse(
    readFileSync(join(project, 'node_modules/@kurzpost/simulator/package.json'), 'utf8'),
  ).bin
  const [ready] = (await once(
    run(
      t,
      join('node_modules/@kurzpost/simulator', bin['kurzpost-simulator']),
      '--smpp-port=0',
      '--http-port=0',
    ),
    'line',
  )) as [string]
  assert.equal(JSON.parse(ready).ready, true)
})
