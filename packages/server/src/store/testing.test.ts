import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { statement } from './db.ts'
import { testDatabase } from './testing.ts'

const { db } = await testDatabase()
const count = statement('testing_count', 'select count(*) from accounts')
const insert = statement('testing_insert', `insert into accounts values (gen_random_uuid(), 'x', now())`)

// Throws, and so fails the file, if the database were gone before the file's own hooks.
after(() => db.query(count))

describe('testDatabase', () => {
  let inner: typeof db
  before(async () => {
    inner = (await testDatabase()).db
  })

  it('hands out a migrated, empty database', async () => {
    assert.deepEqual(await db.query(count), [{ count: 0 }])
  })

  it('keeps two databases of one file apart, also one that a hook asked for', async () => {
    await db.query(insert)
    assert.deepEqual(await db.query(count), [{ count: 1 }])
    assert.deepEqual(await inner.query(count), [{ count: 0 }])
  })
})
