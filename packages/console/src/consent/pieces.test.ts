import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { piecesOf } from './pieces.ts'

const cut = async (text: string, size: number) => {
  const pieces = []
  for await (const piece of piecesOf(new Blob([text]), size)) pieces.push(piece)
  return pieces
}

test('pieces are whole lines, and each has the headings before it', async () => {
  const pieces = await cut('Nummer;Grund\n+491511111111;a\n+491522222222;"b\nc"\n+491533333333;d\n', 30)
  assert.deepEqual(
    pieces.map(({ text }) => text),
    [
      'Nummer;Grund\n+491511111111;a\n',
      'Nummer;Grund\n+491522222222;"b\nc"\n',
      'Nummer;Grund\n+491533333333;d\n',
    ],
  )
})

test('whatever is cut, nothing is lost or doubled, and lines keep their numbers', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.stringMatching(/^[+0-9€😀;]{0,9}$/u), { maxLength: 30 }),
      fc.integer({ min: 5, max: 60 }),
      async (lines, size) => {
        const text = lines.join('\n')
        const pieces = await cut(text, size)
        assert.equal(pieces.map((piece) => piece.text).join(''), text)
        let before = 0
        for (const piece of pieces) {
          assert.equal(piece.line, before)
          before += piece.text.split('\n').length - 1
        }
        assert.equal(pieces.at(-1)?.end ?? 0, new Blob([text]).size)
      },
    ),
  )
})
