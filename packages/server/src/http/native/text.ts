import { analyzeText, countSegments, segmentText, smartEncode } from '@kurzpost/gsm'
import { type Static, Type } from 'typebox'
import { KurzpostError } from '../../errors.ts'
import type { Call, Route } from '../../route.ts'
import * as schema from './schemas.ts'

/** A text may have thousands of characters that force UCS-2; the first ones make the point. */
const mostOffenders = 200
/** What the header of a segment can count to [3GPP 23.040 §9.2.3.24.1]. */
const mostSegments = 255

const Body = Type.Object(
  {
    text: Type.String({ maxLength: 40_000 }),
    encoding: Type.Optional(Type.Enum(['auto', 'gsm7', 'ucs2'])),
    level: Type.Optional(
      Type.Enum(['typography', 'letters', 'scripts'], {
        description:
          'What `transliterated` may replace: signs that change no meaning, the default; also letters by their nearest; also Greek and Cyrillic',
      }),
    ),
    language: Type.Optional(
      Type.String({
        maxLength: 35,
        description: 'BCP 47, of the text: languages replace letters differently',
      }),
    ),
  },
  schema.closed,
)

const Preview = Type.Object(
  {
    encoding: schema.Encoding,
    segments: Type.Integer({ description: 'On-air parts: what is billed' }),
    units: Type.Integer({ description: 'Septets, or UTF-16 code units' }),
    units_per_segment: Type.Integer(),
    units_left: Type.Integer({ description: 'What still fits into the last segment' }),
    offenders: Type.Array(
      Type.Object({
        index: Type.Integer({ description: 'UTF-16 index in the text' }),
        char: Type.String(),
        code_point: Type.Integer(),
      }),
      { description: `Characters that force UCS-2, the first ${mostOffenders}` },
    ),
    transliterated: schema.nullable(
      Type.Object({
        text: Type.String(),
        encoding: schema.Encoding,
        segments: Type.Integer(),
        changes: Type.Array(
          Type.Object({
            index: Type.Integer({ description: 'UTF-16 index in the text as given' }),
            from: Type.String(),
            to: Type.String(),
            kind: Type.Enum(['typography', 'letter', 'script', 'removed']),
          }),
        ),
      }),
      {
        description:
          'The same text with look-alikes of the GSM alphabet; null unless all of it is then in that alphabet',
      },
    ),
  },
  { title: 'TextPreview' },
)

/** What a text becomes on the air, before anything is sent. */
export function textRoutes(): Route[] {
  return [
    {
      method: 'POST',
      path: '/v1/text/preview',
      tag: 'Text',
      scope: 'any',
      effect: 'none',
      summary: 'Encoding and segments of a text',
      description: 'Stores and sends nothing.',
      body: Body,
      responses: { 200: Preview },
      handler: ({ body }: Call<Static<typeof Body>>) => ({ status: 200, body: preview(body) }),
    },
  ]
}

function preview({ text, encoding = 'auto', ...replacing }: Static<typeof Body>) {
  const { offenders } = analyzeText(text)
  if (encoding === 'gsm7' && offenders.length > 0) {
    throw new KurzpostError('text_not_encodable', {
      details: { field: 'text', offenders: offenders.slice(0, 20) },
    })
  }
  const needed = countSegments(text, { encoding }).segments
  if (needed > mostSegments) {
    throw new KurzpostError('text_too_long', {
      details: { field: 'text', segments: needed, most: mostSegments },
    })
  }
  const { segments, units, perSegment, left, encoding: used } = segmentText(text, { encoding })
  return {
    encoding: used,
    segments: segments.length,
    units,
    units_per_segment: perSegment,
    units_left: left,
    offenders: offenders
      .slice(0, mostOffenders)
      .map(({ index, char, codePoint }) => ({ index, char, code_point: codePoint })),
    transliterated: alternative(text, replacing),
  }
}

function alternative(text: string, replacing: Pick<Static<typeof Body>, 'level' | 'language'>) {
  const { text: plain, applied, after, changes } = smartEncode(text, { when: 'gsm7', ...replacing })
  if (!applied) return null
  const { encoding, segments } = after
  return { text: plain, encoding, segments, changes: changes.slice(0, mostOffenders) }
}
