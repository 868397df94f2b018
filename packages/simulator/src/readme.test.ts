import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { withTables } from './readme.ts'

const path = fileURLToPath(new URL('../README.md', import.meta.url))

test('the tables of README.md are those of the code (WRITE_README=1 writes them)', () => {
  const readme = readFileSync(path, 'utf8')
  const written = withTables(readme)
  if (process.env.WRITE_README) writeFileSync(path, written)
  else assert.equal(readme, written)
})
