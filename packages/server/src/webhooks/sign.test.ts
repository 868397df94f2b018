import assert from 'node:assert/strict'
import { it } from 'node:test'
import { Webhook } from 'standardwebhooks'
import { newSecret, showSecret, signature, signedContent } from './sign.ts'

const id = 'evt_01'
const body = '{"type":"message.received","data":{"text":"Grüße 🎉"}}'

it('signs as the library of the standard checks, with every secret given', () => {
  const secrets = [newSecret(), newSecret()]
  const seconds = Math.floor(Date.now() / 1_000)
  const header = signature(
    signedContent(id, seconds, body),
    secrets.map((secret) => secret.toString('base64')),
  )
  const headers = {
    'webhook-id': id,
    'webhook-timestamp': String(seconds),
    'webhook-signature': header,
  }
  for (const secret of secrets)
    assert.deepEqual(new Webhook(showSecret(secret)).verify(body, headers), JSON.parse(body))
  assert.throws(() => new Webhook(showSecret(newSecret())).verify(body, headers))
  assert.throws(() => new Webhook(showSecret(secrets[0]!)).verify(`${body} `, headers))
})

it('gives the signature of the example in the specification', () => {
  const secret = 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
  const content = signedContent('msg_p5jXN8AQM9LWM0D4loKWxJek', 1614265330, '{"test": 2432232314}')
  assert.equal(signature(content, [secret]), 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=')
})
