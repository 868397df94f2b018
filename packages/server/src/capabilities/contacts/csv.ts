/** A cell that a spreadsheet would take for a formula gets an apostrophe in front; a number with its plus sign stays. */
const formula = /^[=@\t\r]|^[+-](?![\d\s().,\-/]*$)/
const special = /["\r\n]/

function csvCell(text: string, delimiter: string): string {
  const safe = formula.test(text) ? `'${text}` : text
  return special.test(safe) || safe.includes(delimiter) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** A line of CSV (RFC 4180), with its end. */
export const csvLine = (cells: readonly string[], delimiter = ';'): string =>
  `${cells.map((cell) => csvCell(cell, delimiter)).join(delimiter)}\r\n`
