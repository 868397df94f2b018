import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What a line of a guide asked for, and what came back. */
export interface Asked {
  /** Method and path. */
  asked: string
  status: number
  text: string
}

/** Where a guide is run: `ids` are the newest of each kind that an answer has named, by their prefix. */
export interface Place {
  url: string
  folder: string
  ids: Record<string, string>
}

/**
 * Does what curl does with these words, as far as the guides use it, without the need of one on the machine. An id that a guide
 * leaves out (`msg_…`) is the newest of its kind. `@-` is the file `stdin` of the folder.
 */
export async function curl(words: readonly string[], { url, folder, ids }: Place): Promise<Asked> {
  const filled = (text: string): string =>
    text.replace(/\b([a-z]{3})_(?:01kx)?…/g, (left, kind: string) => ids[kind] ?? left)
  const read = (given: string): string =>
    given.startsWith('@')
      ? readFileSync(join(folder, given === '@-' ? 'stdin' : given.slice(1)), 'utf8')
      : filled(given)
  const headers: Record<string, string> = {}
  const data: string[] = []
  const flags = new Set<string>()
  let method: string | undefined
  let address = ''
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!
    if (word === '-X') method = words[++at]
    else if (word === '-H') {
      const [name = '', value = ''] = words[++at]!.split(/:\s*(.*)/s)
      headers[name.toLowerCase()] = value
    } else if (word === '-d' || word === '--data-binary') data.push(read(words[++at]!))
    else if (word === '--data-urlencode') {
      const [name = '', value = ''] = words[++at]!.split(/=(.*)/s)
      data.push(`${name}=${encodeURIComponent(value)}`)
    } else if (/^-[GNs]$/.test(word)) flags.add(word)
    else if (word.startsWith('-')) throw new Error(`curl ${word} is nothing that the guides have used so far`)
    else address = filled(word)
  }
  const { pathname, search } = new URL(address)
  const target = new URL(pathname + search, url)
  const body = data.length === 0 || flags.has('-G') ? undefined : data.join('&')
  if (flags.has('-G')) target.search = data.join('&')
  method ??= body === undefined ? 'GET' : 'POST'
  if (body !== undefined) headers['content-type'] ??= 'application/x-www-form-urlencoded'
  const stop = new AbortController()
  const response = await fetch(target, { method, headers, body: body ?? null, signal: stop.signal })
  // A stream has no end: that it began is what can be seen of it.
  const text = flags.has('-N') ? '' : await response.text()
  stop.abort()
  const named = [...text.matchAll(/\b([a-z]{3})_[0-9a-z]{26}\b/g)]
  // The first one is whom an answer is about.
  for (const [id, kind] of named.reverse()) ids[kind!] = id
  return { asked: `${method} ${pathname}`, status: response.status, text }
}
