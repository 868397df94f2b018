import assert from 'node:assert/strict'
import { test } from 'node:test'
import { greeting } from './greeting.ts'
import { profiles } from './profiles.ts'

test('a person is told where the SMSC and the handsets are, which profile it plays, and how to change it', () => {
  const text = greeting({ smppPort: 2776, httpPort: 2777 }, 'flaky')
  assert.match(text, /127\.0\.0\.1:2776/)
  assert.match(text, /http:\/\/127\.0\.0\.1:2777\/settings -X PATCH/)
  assert.ok(text.includes(`flaky: ${profiles.flaky.what}`))
  assert.ok(greeting({ smppPort: 1, httpPort: 2 }).includes('healthy'))
})
