import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Compile } from 'typebox/compile'
import { createGuard } from '../../egress.ts'
import { readAnswer } from './answer.ts'
import { readCallback } from './callback.ts'
import { httpProfiles } from './profiles.ts'
import { buildRequest, problemsOf } from './request.ts'
import { HttpSettings } from './settings.ts'

const fits = Compile(HttpSettings)
const json = (body: unknown) => ({ type: 'application/json', body: JSON.stringify(body) })
const form = (fields: Record<string, string>) => ({
  type: 'application/x-www-form-urlencoded',
  body: new URLSearchParams(fields).toString(),
})

/** What each provider's own pages show: the fields that a request must have, an answer, a receipt, a message. */
const samples: Record<
  string,
  {
    sent: object
    taken: [status: number, body: object]
    receipt: ReturnType<typeof json>
    incoming: ReturnType<typeof json>
  }
> = {
  twilio: {
    sent: { To: '+4915123456789', From: 'Acme', Body: 'hi', StatusCallback: 'https://cb' },
    taken: [201, { sid: 'X1', status: 'queued', error_code: null }],
    receipt: form({
      MessageSid: 'X1',
      SmsStatus: 'delivered',
      MessageStatus: 'delivered',
      To: '+49',
      From: 'A',
    }),
    incoming: form({
      MessageSid: 'SM2',
      SmsStatus: 'received',
      From: '+4915123456789',
      To: '+1555',
      Body: 'yes',
    }),
  },
  vonage: {
    sent: { to: '4915123456789', from: 'Acme', text: 'hi', ttl: 60, sms: { encoding_type: 'text' } },
    taken: [202, { message_uuid: 'X1' }],
    receipt: json({ message_uuid: 'X1', status: 'delivered', to: '49', from: 'Acme', channel: 'sms' }),
    incoming: json({
      message_uuid: 'u2',
      from: '4915123456789',
      to: '1555',
      message_type: 'text',
      text: 'yes',
    }),
  },
  infobip: {
    sent: { messages: [{ destinations: [{ to: '4915123456789' }], text: 'hi' }] },
    taken: [
      200,
      { messages: [{ messageId: 'X1', status: { groupName: 'PENDING', name: 'PENDING_ACCEPTED' } }] },
    ],
    receipt: json({
      results: [{ messageId: 'X1', status: { groupName: 'DELIVERED' }, error: { name: 'NO_ERROR' } }],
    }),
    incoming: json({
      results: [{ messageId: 'i2', from: '4915123456789', to: '1555', text: 'yes', smsCount: 1 }],
    }),
  },
  plivo: {
    sent: { src: 'Acme', dst: '4915123456789', text: 'hi', url: 'https://cb' },
    taken: [202, { message: 'message(s) queued', message_uuid: ['X1'] }],
    receipt: form({ MessageUUID: 'X1', Status: 'delivered', From: 'Acme', To: '4915123456789' }),
    incoming: form({ MessageUUID: 'i2', From: '4915123456789', To: '1555', Text: 'yes', Type: 'sms' }),
  },
  sinch: {
    sent: { to: ['4915123456789'], body: 'hi', callback_url: 'https://cb' },
    taken: [201, { id: 'X1', canceled: false }],
    receipt: json({ type: 'recipient_delivery_report_sms', batch_id: 'X1', status: 'Delivered', code: 0 }),
    incoming: json({ type: 'mo_text', id: 'i2', from: '4915123456789', to: '1555', body: 'yes' }),
  },
  '46elks': {
    sent: { to: '+4915123456789', from: 'Acme', message: 'hi', whendelivered: 'https://cb' },
    taken: [200, { id: 'X1', status: 'created' }],
    receipt: form({ id: 'X1', status: 'delivered', delivered: '2026-03-01T12:00:00' }),
    incoming: form({ id: 'i2', from: '+4915123456789', to: '+1555', message: 'yes', direction: 'incoming' }),
  },
}

test('every profile has a sample, and every sample a profile', () =>
  assert.deepEqual(httpProfiles.map(({ name }) => name).sort(), Object.keys(samples).sort()))

for (const { name, what, settings } of httpProfiles) {
  const names = [...JSON.stringify(settings).matchAll(/\{\{secret\.([a-z_]+)/g)].map(([, secret]) => secret!)
  const secrets = Object.fromEntries([...names, 'callback_token'].map((secret) => [secret, 'x'.repeat(20)]))
  const sample = samples[name]!
  const callback = (given: ReturnType<typeof json>) =>
    readCallback(settings, {
      method: 'POST',
      headers: { 'content-type': given.type },
      query: {},
      body: Buffer.from(given.body),
    })!

  test(`${name}: its settings are right, and its sentence names every secret`, () => {
    assert.deepEqual([...fits.Errors(settings)], [])
    assert.deepEqual(problemsOf(settings, secrets, createGuard({ sandbox: false })), [])
    for (const secret of Object.keys(secrets)) assert.match(what, new RegExp(`\\b${secret}\\b`))
  })

  test(`${name}: what is sent, answered, reported and received is as its pages show`, () => {
    const message = { to: '+4915123456789', from: 'Acme', text: 'hi', id: 'msg_1', encoding: 'gsm7' as const }
    const rest = { segments: 1, validity_seconds: 60, callback_url: 'https://cb' }
    const { body, headers } = buildRequest(
      settings,
      secrets,
      { ...message, ...rest },
      { reveal: true, now: new Date() },
    )
    const sent =
      headers['content-type'] === 'application/json'
        ? JSON.parse(body!)
        : Object.fromEntries(new URLSearchParams(body!))
    assert.partialDeepStrictEqual(sent, sample.sent)
    assert.ok(headers.authorization)
    const [status, answer] = sample.taken
    assert.equal(
      readAnswer(settings, { status, headers: {}, body: JSON.stringify(answer) }, new Date()),
      'X1',
    )
    const [receipt] = callback(sample.receipt).receipts
    assert.deepEqual([receipt!.remoteId, receipt!.state], ['X1', 'delivered'])
    const [part] = callback(sample.incoming).incoming
    assert.deepEqual([part!.from, part!.text], ['+4915123456789', 'yes'])
    assert.ok(part!.remoteId)
  })
}

test('Twilio says of a STOP that it has answered it itself', () => {
  const { settings } = httpProfiles.find(({ name }) => name === 'twilio')!
  const told = (type: string) => {
    const said = form({ SmsStatus: 'received', From: '+491', To: '+1', Body: 'Stop', OptOutType: type })
    const request = { method: 'POST', headers: { 'content-type': said.type }, query: {} }
    return readCallback(settings, { ...request, body: Buffer.from(said.body) })!.incoming[0]!.answered
  }
  assert.deepEqual(['STOP', 'START', 'HELP', 'OTHER'].map(told), ['stop', 'start', 'help', undefined])
})
