import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Service } from '../api/keywords.ts'
import { bodyOf, draftOf, emptyDraft, UnreadableBody } from './draft.ts'

const service: Service = {
  id: 'kws_1',
  name: 'Departures',
  kind: 'http',
  enabled: true,
  numbers: ['12345', '+4930123'],
  keywords: [{ word: 'DEP', language: 'en' }, { word: 'AB' }],
  arguments: [{ name: 'stop', rest: true }],
  language: 'en',
  time_zone: 'Europe/Berlin',
  typos: 'ask',
  max_segments: 3,
  quota: { per_hour: null, per_day: 60 },
  texts: { answer: { en: '{{list}}', de: '{{list}}!' }, failed: { en: 'Sorry' } },
  most_rows: 5,
  source: {
    method: 'POST',
    url: 'https://example.org/{{stop}}',
    headers: [
      { name: 'X-Key', secret: true },
      { name: 'X-Plain', value: 'p' },
    ],
    body: { stop: '{{stop}}' },
    values: { next: '/next' },
    list: { place: '/list', values: { at: '/at' }, line: { en: '{{at}}' }, most: 2 },
    timeout_ms: 3000,
    cache_seconds: 10,
    stale_seconds: 0,
  },
  usage: 'DEP <stop>',
  table: null,
  state: null,
  warnings: [],
  created_at: '',
  updated_at: '',
}

test('a service that is opened and not touched is saved as it was; a secret keeps its value by going without', () => {
  const {
    id: _,
    kind: _k,
    usage,
    table,
    state,
    warnings,
    created_at,
    updated_at,
    most_rows,
    ...kept
  } = service
  assert.deepEqual(bodyOf(draftOf(service)), kept)
})

test('rows that are empty are not sent', () => {
  const draft = emptyDraft('template', 'de', 'Europe/Berlin')
  const body = bodyOf({ ...draft, arguments: [{ name: ' ' }], numbers: ' , ' })
  assert.deepEqual([body.keywords, body.arguments, body.numbers], [[], [], null])
  assert.deepEqual(body.texts, { answer: {} })
})

test('a body that is no JSON is told before anything is sent', () => {
  const draft = draftOf(service)
  assert.throws(() => bodyOf({ ...draft, source: { ...draft.source, body: '{' } }), UnreadableBody)
})
