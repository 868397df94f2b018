import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  type ClientOptions,
  type Note,
  type PduOf,
  type RequestPdu,
  readTlv,
  type SmppClient,
  SmppError,
  type SmppErrorCode,
  type SubmitFields,
  type Submitted,
} from './index.ts'
import { setUpClient } from './testing/client.ts'

/*
 * What a program in TypeScript is told. The compiler holds the types, by `npm run check`: `same` takes two types that are
 * one, and what `@ts-expect-error` stands above must be an error. What runs is the same code against an SMSC.
 */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : never
const same = <A, B>(_: Same<A, B>): void => {}

test('a loop gives requests, narrowed by their command, and fields of their types', async (t) => {
  const { client, start } = await setUpClient(t)
  const peer = await start()
  peer.send({ command: 'deliver_sm', source_addr: '4917', short_message: Buffer.from('hi'), sequence: 1 })
  for await (const pdu of client) {
    same<typeof pdu, RequestPdu>(true)
    // @ts-expect-error: not every request has a text
    pdu.short_message
    assert.ok(pdu.command === 'deliver_sm')
    same<typeof pdu, PduOf<'deliver_sm'>>(true)
    same<typeof pdu.short_message, Uint8Array>(true)
    same<typeof pdu.source_addr, string>(true)
    assert.equal(pdu.source_addr, '4917')
    const state = readTlv(pdu, 'message_state')
    same<typeof state, number | undefined>(true)
    client.respond(pdu, { status: 0 })
    break
  }
})

test('the answer to a request is typed by its command, a generic_nack besides', async (t) => {
  const { client, start } = await setUpClient(t)
  const peer = await start()
  const asking = client.request(
    { command: 'query_sm', message_id: 'm', source_addr: '49' },
    { timeoutMs: 100 },
  )
  const { sequence } = await peer.next()
  peer.send({ command: 'query_sm_resp', sequence, message_id: 'm', message_state: 2 })
  const answer = await asking
  same<typeof answer, PduOf<'query_sm_resp'> | PduOf<'generic_nack'>>(true)
  assert.ok(answer.command === 'query_sm_resp')
  same<typeof answer.message_state, number>(true)
  assert.equal(answer.message_state, 2)
})

test('what cannot be sent does not compile, and is refused where it does', async (t) => {
  const { client, start } = await setUpClient(t)
  await start()
  const refused: Promise<unknown>[] = [
    // @ts-expect-error: the session binds itself
    client.request({ command: 'bind_receiver' }),
    // @ts-expect-error: an answer is no request
    client.request({ command: 'submit_sm_resp' }),
    // @ts-expect-error: a text is no octets
    client.submit({ short_message: 'text' }),
    // @ts-expect-error: an octet is a number
    client.request({ command: 'submit_sm', data_coding: '8' }),
  ]
  for (const one of refused) await assert.rejects(one, { code: 'invalid_pdu', sent: 'no' })
  // @ts-expect-error: there is no such field
  const misspelled: SubmitFields = { destination_adr: '49' }
  assert.ok(misspelled)
})

test('what submit resolves with, and what an error has', async (t) => {
  const { client, start } = await setUpClient(t)
  const peer = await start()
  const submitting = client.submit({ destination_addr: '49' }, { signal: AbortSignal.timeout(1_000) })
  same<typeof submitting, Promise<Submitted>>(true)
  peer.send({ command: 'submit_sm_resp', sequence: (await peer.next()).sequence, message_id: 'm' })
  const { status, message_id, request, answer } = await submitting
  same<typeof status, number>(true)
  same<typeof message_id, string>(true)
  same<typeof request, Buffer>(true)
  same<typeof answer, PduOf<'submit_sm_resp'> | PduOf<'generic_nack'>>(true)
  assert.deepEqual([status, message_id, answer.command], [0, 'm', 'submit_sm_resp'])
  const error = new SmppError('timeout', { sent: 'maybe' })
  same<typeof error.code, SmppErrorCode>(true)
  same<typeof error.sent, 'no' | 'maybe'>(true)
  assert.ok(error instanceof Error)
})

test('options and client can be named, for programs that hand them around', () => {
  same<Parameters<NonNullable<ClientOptions['onLog']>>[0], Note>(true)
  same<ReturnType<SmppClient['close']>, Promise<void>>(true)
  const options: ClientOptions = { host: 'smsc.example', port: 2775, systemId: 'post', password: 'secret' }
  // @ts-expect-error: only three versions differ on the wire
  options.interfaceVersion = 0x40
  assert.equal(options.port, 2775)
})
