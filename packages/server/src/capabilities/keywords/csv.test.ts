import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { CsvProblem, readCsv, writeCsv } from './csv.ts'

for (const [name, file, rows] of [
  [
    'commas',
    'a,b\n1,2\n',
    [
      ['a', 'b'],
      ['1', '2'],
    ],
  ],
  [
    'semicolons and a byte order mark',
    '\uFEFFa;b\r\n1,5;2\r\n',
    [
      ['a', 'b'],
      ['1,5', '2'],
    ],
  ],
  [
    'tabs',
    'a\tb\n1\t2',
    [
      ['a', 'b'],
      ['1', '2'],
    ],
  ],
  [
    'quotes with breaks in them',
    'a,b\n"x\ny","say ""hi"""',
    [
      ['a', 'b'],
      ['x\ny', 'say "hi"'],
    ],
  ],
  ['rows that are short, and lines that are empty', 'a,b\n1\n\n2,3', [['a', 'b'], ['1'], ['2', '3']]],
] as const)
  test(`a file with ${name} is read`, () => assert.deepEqual(readCsv(file).rows, rows))

test('a quote that is never closed is told', () => {
  assert.throws(
    () => readCsv('a,b\n"x,1'),
    (error) => error instanceof CsvProblem && /Quote/.test(error.message) && error.line === 2,
  )
})

test('what a spreadsheet would run is marked, and read back without the mark; numbers of phones are not', () => {
  const file = writeCsv([['=1+1', '+49 151 234', '-5', '@x']])
  assert.equal(file, "'=1+1,+49 151 234,-5,'@x\r\n")
  assert.deepEqual(readCsv(`a,b,c,d\r\n${file}`).rows[1], ['=1+1', '+49 151 234', '-5', '@x'])
})

test('any table survives being written and read', () => {
  const cell = fc
    .string({ unit: fc.constantFrom('a', '"', ',', ';', '\n', '=', '-', 'ö', '\t'), maxLength: 6 })
    .map((text) => text.trim())
  fc.assert(
    fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 5 }), (rows) => {
      const table = [['first', 'second'], ...rows.filter(([a, b]) => a !== '' || b !== '')]
      assert.deepEqual(readCsv(writeCsv(table)).rows, table)
    }),
  )
})

test('a row is called by the line on which it begins, whatever is empty or broken before it', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('\n', '\r\n', '\r'),
      fc.array(fc.constantFrom('', '  ', 'ä,1', '"a\rb",1', '"a\r\n\r\nb",1', '"a\n\n\nb",2'), {
        maxLength: 12,
      }),
      (end, between) => {
        const { rows, lineOf } = readCsv(['first,second', ...between, 'last,1'].join(end))
        // Editors count every break, in quotes or not.
        const before = ['first,second', ...between].join('\n').replaceAll('\r\n', '\n')
        assert.equal(lineOf(rows.length - 1), 1 + before.split(/[\r\n]/).length)
        assert.equal(lineOf(0), 1)
      },
    ),
  )
})
