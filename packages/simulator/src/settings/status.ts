import { statusName } from '@kurzpost/smpp'
import type { Rule } from './kinds.ts'

/** Codes of the specification lie below this. */
const LAST_NAMED = 0x112
const codes = new Map<string, number>()
for (let code = 0; code <= LAST_NAMED; code += 1) {
  const name = statusName(code)
  if (name.startsWith('ESME_')) codes.set(name.slice('ESME_'.length), code)
}

/** A command_status: `88`, `0x58`, `RTHROTTLED` or `ESME_RTHROTTLED`. */
export function statusOf(word: string): number | undefined {
  const named = codes.get(word.replace(/^ESME_/, ''))
  if (named !== undefined) return named
  const number = /^(0x[0-9a-f]{1,8}|\d{1,10})$/i.test(word) ? Number(word) : -1
  return number >= 0 && number <= 0xffff_ffff ? number : undefined
}

export const status = (fallback: number, help: string): Rule<number> => ({
  fallback,
  takes: 'a command_status: 88, 0x58 or RTHROTTLED',
  short: 'a status',
  read: (value) =>
    typeof value === 'number' || typeof value === 'string' ? statusOf(String(value)) : undefined,
  help,
})
