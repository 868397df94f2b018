import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { vocabulary } from '../../packages/server/src/capabilities/consent/vocabulary.ts'

/** Holds the pages that people write to what is there: links, anchors, and a line for each dependency. */

const root = join(import.meta.dirname, '../..')
const read = (path: string): string => readFileSync(join(root, path), 'utf8')
const pages = globSync(['*.md', '{docs,examples}/**/*.md', 'packages/*/*.md'], { cwd: root })
  .map((path) => path.replaceAll('\\', '/'))
  .sort()

/** What a heading is called in a link, after GitHub's rule. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(' ', '-')

const anchorsOf = (path: string): string[] =>
  [...read(path).matchAll(/^#+ (.+)$/gm)].map((match) => anchorOf(match[1]!))

test('there are pages to check', () => {
  assert.ok(pages.includes('README.md') && pages.length > 10)
})

for (const page of pages) {
  test(`every link of ${page} leads somewhere`, () => {
    const prose = read(page).replace(/^```.*?^```/gms, '')
    const broken = [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
      .map((match) => match[1]!)
      .filter((link) => !/^[a-z]+:/.test(link))
      .filter((link) => {
        const [path, anchor] = link.split('#') as [string, string?]
        const target = path === '' ? page : join(dirname(page), path)
        if (!existsSync(join(root, target))) return true
        return anchor !== undefined && !anchorsOf(target).includes(anchor)
      })
    assert.deepEqual(broken, [])
  })
}

test('every dependency stands in docs/decisions with the alternative that it beat', () => {
  const rows = [...read('docs/decisions/0011-dependencies.md').matchAll(/^\| ([^|]+) \|/gm)]
  const listed = new Set(rows.flatMap((row) => row[1]!.split(', ')))
  const manifests = ['package.json', ...globSync('packages/*/package.json', { cwd: root })]
  const names = manifests.flatMap((path) => {
    const { dependencies = {}, devDependencies = {} } = JSON.parse(read(path))
    return Object.keys({ ...dependencies, ...devDependencies })
  })
  // Types come with what they describe; a scope such as @mantine stands for its packages.
  const missing = names
    .filter((name) => !name.startsWith('@types/') && !name.startsWith('@kurzpost/'))
    .filter((name) => !listed.has(name) && !listed.has(name.split('/')[0]!))
  assert.deepEqual(missing, [])
})

test('pages count the languages of STOP as the vocabulary does', () => {
  const counted = ['README.md', 'docs/consent.md', 'docs/send.md'].map((page) =>
    Number(/(\d+)\s+languages/.exec(read(page))?.[1]),
  )
  assert.deepEqual(new Set(counted), new Set([Object.keys(vocabulary).length]))
})

test('decisions are numbered without a gap', () => {
  const numbers = globSync('[0-9]*.md', { cwd: join(root, 'docs/decisions') })
    .sort()
    .map((name) => Number(name.slice(0, 4)))
  assert.deepEqual(
    numbers,
    numbers.map((_, index) => index + 1),
  )
})
