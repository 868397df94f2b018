import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { gsmErrors } from './errors.ts'
import { userDataProblems } from './header.ts'

const here = new URL('.', import.meta.url)
const readme = readFileSync(new URL('../README.md', here), 'utf8')
const sources = readdirSync(here, { recursive: true, encoding: 'utf8' }).filter(
  (name) => name.endsWith('.ts') && !/\.(test|testing)\.ts$/.test(name),
)

test('nothing in the package keeps it out of a browser', () => {
  assert.ok(sources.length > 30)
  for (const name of sources) {
    const source = readFileSync(new URL(name, here), 'utf8')
    assert.doesNotMatch(source, /from '(?!\.\.?\/)|\bBuffer\b|\bprocess\.|\brequire\(/, name)
  }
})

test('the examples of the README run and print what they say', () => {
  const examples = [...readme.matchAll(/```js\n(.*?)```/gs)].map(([, example]) => example!)
  assert.ok(examples.length > 0)
  for (const example of examples) {
    const promised = [...example.matchAll(/\/\/ prints: (.*)/g)].map(([, line]) => line)
    const run = spawnSync(process.execPath, ['--input-type=module', '--eval', example], {
      cwd: new URL('..', here),
      encoding: 'utf8',
    })
    assert.equal(run.stderr, '')
    assert.deepEqual(run.stdout.trimEnd().split('\n'), promised)
  }
})

test('the README names every error code and every problem', () => {
  for (const code of [...Object.keys(gsmErrors), ...Object.keys(userDataProblems)])
    assert.ok(readme.includes(`\`${code}\``), code)
})

test('every function that the package exports has a docstring', async () => {
  const code = sources.map((name) => readFileSync(new URL(name, here), 'utf8')).join('\n')
  for (const [name, value] of Object.entries(await import('./index.ts'))) {
    if (typeof value !== 'function' || name === 'GsmError') continue
    assert.match(code, new RegExp(`\\*/\\nexport function ${name}\\(`), name)
  }
})
