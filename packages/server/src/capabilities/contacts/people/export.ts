import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { csvLine } from '../csv.ts'
import type { Definitions } from './attributes.ts'
import { contactJson } from './person-json.ts'
import type { ContactRow } from './read.store.ts'

export type ExportFormat = 'csv' | 'json'

/** The columns that an import understands, so that what went out can come in again. */
const columns = [
  'external_id',
  'name',
  'phone',
  'email',
  'language',
  'time_zone',
  'postcode',
  'lat',
  'lon',
  'tags',
]

function csvRow(row: ContactRow, definitions: Definitions): string {
  const of = (channel: string) =>
    row.addresses.filter((each) => each.channel === channel).map(({ address }) => address)
  const cells = [
    row.external_id,
    row.name,
    of('sms')[0],
    of('email')[0],
    row.language,
    row.time_zone,
    row.postcode,
    row.lat,
    row.lon,
    row.tags.join(','),
    ...[...definitions.keys()].map((key) => row.attributes[key]),
  ]
  return csvLine(cells.map((cell) => String(cell ?? '')))
}

/**
 * Writes people as they come, a page at a time: a CSV that an import understands, with the first address of each channel,
 * or JSON with everything. `show` is what a reader may see of an answer.
 */
export async function writeExport(
  pages: AsyncIterable<readonly ContactRow[]>,
  format: ExportFormat,
  definitions: Definitions,
  response: ServerResponse,
  signal: AbortSignal,
  show: <T>(value: T) => T,
): Promise<void> {
  response.writeHead(200, {
    'content-type': format === 'csv' ? 'text/csv; charset=utf-8' : 'application/json; charset=utf-8',
    'content-disposition': `attachment; filename="people.${format}"`,
  })
  response.write(format === 'csv' ? `﻿${csvLine([...columns, ...definitions.keys()])}` : '{"data":[')
  // A file that is broken off must not look whole: whoever stops this would end the response in order.
  signal.addEventListener('abort', () => response.destroy())
  let first = true
  for await (const page of pages) {
    if (signal.aborted || response.destroyed) return
    let text = ''
    for (const row of page) {
      if (format === 'csv') text += csvRow(show(row), definitions)
      else text += `${first ? '' : ','}\n${JSON.stringify(show(contactJson(row)))}`
      first = false
    }
    if (!response.write(text)) await Promise.race([once(response, 'drain'), once(response, 'close')])
  }
  response.end(format === 'csv' ? '' : '\n]}\n')
}
