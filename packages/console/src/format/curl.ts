import type { Method } from '../api/client.ts'

/** One word for bash: inside single quotes nothing is special but the quote itself. */
export const shellWord = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`

/**
 * JSON that survives a terminal: control and direction characters, which a terminal acts on when they are
 * pasted, go as escapes. `JSON.stringify` already escapes those below 0x20 and lone surrogates.
 */
const terminalJson = (body: unknown): string =>
  JSON.stringify(body).replace(
    /[\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )

interface CurlCall {
  origin: string
  method?: Method
  path: string
  /** Undefined shows the variable KURZPOST_KEY in its place. */
  key: string | undefined
  body?: unknown
}

/** The call as lines to paste into bash. */
export function curlCommand({ origin, method = 'GET', path, key, body }: CurlCall): string {
  const authorization =
    key === undefined ? '"Authorization: Bearer $KURZPOST_KEY"' : shellWord(`Authorization: Bearer ${key}`)
  const lines = [
    `curl${method === 'GET' ? '' : ` -X ${method}`} ${shellWord(origin + path)}`,
    `-H ${authorization}`,
    ...(body === undefined
      ? []
      : [`-H ${shellWord('Content-Type: application/json')}`, `-d ${shellWord(terminalJson(body))}`]),
  ]
  return lines.join(' \\\n  ')
}
