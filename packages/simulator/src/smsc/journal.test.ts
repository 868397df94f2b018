import assert from 'node:assert/strict'
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { Status } from '@kurzpost/smpp'
import { simulate, submission } from '../testing.ts'
import { openJournal, readJournal } from './journal.ts'

function journalFile(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'journal-'))
  t.after(() => rmSync(folder, { recursive: true }))
  return join(folder, 'smsc.jsonl')
}

test('a receipt that no bind has acknowledged is sent by the process that comes after', async (t) => {
  const journal = journalFile(t)
  const before = await simulate(t, { journal })
  const refusing = await before.bind({ answer: () => ({ status: Status.systemError }) })
  const { message_id } = await refusing.client.submit(submission('hello'))
  await refusing.delivered.next()
  await before.simulator.close()

  const after = await simulate(t, { journal })
  const bind = await after.bind()
  const receipt = await bind.delivered.next()
  assert.match(Buffer.from(receipt.short_message).toString('latin1'), new RegExp(`^id:${message_id} `))
  await after.simulator.close()
  assert.deepEqual(openJournal(journal).left.submits, [], 'acknowledged now, so owed no more')
})

test('a text from a handset outlives the process until a bind has taken it', async (t) => {
  const journal = journalFile(t)
  const before = await simulate(t, { journal })
  await before.call('POST', '/handsets/+4915112345678/messages', { to: '12345', text: 'Äpfel' })
  await before.simulator.close()

  const after = await simulate(t, { journal })
  const bind = await after.bind()
  const text = await bind.delivered.next()
  assert.equal(text.source_addr, '4915112345678')
  assert.equal(text.destination_addr, '12345')
  await after.simulator.close()
  assert.deepEqual(openJournal(journal).left.texts, [])
})

test('a line that a killed process left half written does not count, and the next one does not continue it', (t) => {
  const path = journalFile(t)
  const { journal } = openJournal(path)
  journal.receipted(1)
  journal.close()
  appendFileSync(path, '{"k":"receip')
  const again = openJournal(path)
  again.journal.receipted(2)
  again.journal.close()
  assert.deepEqual(
    [...readJournal(path)].map((line) => line.k === 'receipted' && line.id),
    [1, 2],
  )
})

test('a file that is no journal is refused and left as it is', (t) => {
  const path = journalFile(t)
  appendFileSync(path, 'something else}\n')
  assert.throws(() => openJournal(path), RangeError)
  assert.equal(readFileSync(path, 'utf8'), 'something else}\n')
})
