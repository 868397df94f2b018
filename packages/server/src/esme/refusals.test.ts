import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { errors, KurzpostError } from '../errors.ts'
import { refusals, statusOfCode, statusOfError } from './refusals.ts'

/** The files that say why a draft is not taken. */
const sources = ['prepare.ts', 'accept.ts', 'replace.ts', 'messages.ts'].map((name) =>
  readFileSync(new URL(`../message/${name}`, import.meta.url), 'utf8'),
)

test('every code that accept can give has a command_status of its own choosing', () => {
  const codes = new Set(
    sources.flatMap((text) =>
      [...text.matchAll(/(?:refuse|KurzpostError)\('([a-z_]+)'/g)].map((match) => match[1]!),
    ),
  )
  // An SMPP submission has no idempotency key, so there is nothing that it could clash with.
  codes.delete('idempotency_conflict')
  assert.ok(codes.size >= 12, `only ${codes.size} codes were found`)
  assert.deepEqual(
    [...codes].filter((code) => !(code in refusals)),
    [],
  )
})

test('every error that may go better next time is answered as such, and no other', () => {
  const temporary = new Set(['ESME_RMSGQFUL', 'ESME_RTHROTTLED', 'ESME_RSYSERR'])
  for (const [code, name] of Object.entries(refusals))
    assert.equal(temporary.has(name), errors[code as keyof typeof errors].retryable, code)
})

test('what a gate or a defect says has a status too', () => {
  assert.equal(statusOfCode('consent_stopped'), 0x45)
  assert.equal(statusOfError(new Error('a defect')), 0x08)
  assert.equal(statusOfError(new KurzpostError('overloaded')), 0x14)
})
