/** A cell that begins with one of these is a formula to a spreadsheet; a quote in front makes it text. */
const formula = /^[=+\-@\t\r]/

const cell = (value: string): string => {
  const safe = formula.test(value) && !/^\+\d+$/.test(value) ? `'${value}` : value
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** RFC 4180, with a byte order mark so that spreadsheets read it as UTF-8. */
export const toCsv = (rows: readonly (readonly string[])[]): string =>
  `\ufeff${rows.map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`
