import { createHmac } from 'node:crypto'
import type { Guard } from '../../egress.ts'
import { compilePattern } from '../pattern.ts'
import type { HttpSecrets, HttpSettings } from './settings.ts'
import {
  fillFields,
  fillText,
  fillTree,
  hasStray,
  knowsFilter,
  placeholders,
  type Tree,
  type Used,
} from './template.ts'

/** What a placeholder of a message may stand for. */
export interface MessageValues {
  to: string
  from: string | null
  text: string
  /** Ours, the same each time that the message is tried. */
  id: string
  encoding: 'gsm7' | 'ucs2'
  segments: number
  validity_seconds: number
  callback_url: string | null
}

export interface HttpRequest {
  method: string
  origin: string
  path: string
  headers: Record<string, string>
  body: string | null
}

const names: readonly (keyof MessageValues)[] = [
  'to',
  'from',
  'text',
  'id',
  'encoding',
  'segments',
  'validity_seconds',
  'callback_url',
]

/** A text in a path could climb out of it, and one in a header begin the next: these hold what we chose ourselves. */
const safeOutsideBody = (name: string): boolean =>
  name === 'to' || name === 'id' || name.startsWith('secret.')

const hidden = '••••'

/** The request for a message. `reveal: false` is the one for people: the same with its secrets covered. */
export function buildRequest(
  settings: HttpSettings,
  secrets: HttpSecrets,
  message: MessageValues,
  options: { reveal: boolean; now: Date },
): HttpRequest {
  const { request, auth } = settings
  const values = (name: string): string | undefined => {
    if (name.startsWith('secret.')) return options.reveal ? secrets[name.slice('secret.'.length)] : hidden
    if (name === 'encoding') return request.encodings?.[message.encoding] ?? message.encoding
    const value = message[name as keyof MessageValues]
    const token = secrets.callback_token
    if (name === 'callback_url' && !options.reveal && token && value)
      return String(value).replace(token, hidden)
    return value === null || value === undefined ? undefined : String(value)
  }
  const url = new URL(fillText(request.url, values, options.reveal ? encodeURIComponent : coveredComponent))
  const query = request.query && fillFields(request.query, values)
  const headers: Record<string, string> = { accept: 'application/json', 'user-agent': 'Kurzpost' }
  let body: string | null = null
  if (request.json !== undefined) {
    headers['content-type'] = 'application/json'
    body = JSON.stringify(fillTree(request.json as Tree, values))
  } else if (request.form) {
    headers['content-type'] = 'application/x-www-form-urlencoded'
    body = fillFields(request.form, values)
  }
  for (const [name, template] of Object.entries(request.headers ?? {}))
    headers[name.toLowerCase()] = fillText(template, values)
  if (auth?.type === 'basic') {
    const pair = `${fillText(auth.user, values)}:${fillText(auth.password, values)}`
    headers.authorization = `Basic ${options.reveal ? Buffer.from(pair).toString('base64') : hidden}`
  }
  if (auth?.type === 'bearer') headers.authorization = `Bearer ${fillText(auth.token, values)}`
  if (auth?.type === 'hmac') {
    const seconds = String(Math.floor(options.now.getTime() / 1_000))
    const signed = auth.timestamp_header ? `${seconds}.${body ?? ''}` : (body ?? '')
    if (auth.timestamp_header) headers[auth.timestamp_header.toLowerCase()] = seconds
    const signature = createHmac(auth.algorithm, secrets[auth.secret]!).update(signed).digest(auth.encoding)
    headers[auth.header.toLowerCase()] = (auth.prefix ?? '') + (options.reveal ? signature : hidden)
  }
  const joined = query ? `${url.search ? `${url.search}&` : '?'}${query}` : url.search
  return { method: request.method, origin: url.origin, path: url.pathname + joined, headers, body }
}

/** Dots of the cover would be percent-encoded beyond recognition. */
const coveredComponent = (text: string): string => (text === hidden ? hidden : encodeURIComponent(text))

/** The request as people read it on a message's page. */
export function describeRequest({ method, origin, path, headers, body }: HttpRequest): Uint8Array {
  const shown = decodeCover(path)
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  return Buffer.from(
    [`${method} ${origin}${shown}`, ...lines, '', body === null ? '' : decodeCover(body)].join('\n'),
  )
}

const cover = encodeURIComponent(hidden)
const decodeCover = (text: string): string => text.replaceAll(cover, hidden)

/** What is wrong with settings that fit their schema, in sentences; none when all is well. */
export function problemsOf(
  settings: HttpSettings,
  secrets: HttpSecrets,
  guard: Pick<Guard, 'checkUrl'>,
): string[] {
  const { request, auth, callbacks } = settings
  const problems: string[] = []
  const check = (where: string, template: Tree, allowed: (name: string) => boolean = () => true): void => {
    if (hasStray(template)) problems.push(`${where} holds braces that are no placeholder.`)
    for (const used of placeholders(template)) {
      const problem = problemOf(used, secrets, allowed)
      if (problem) problems.push(`${where}: ${problem}`)
    }
  }
  check('request.url', request.url, safeOutsideBody)
  check('request.headers', request.headers ?? {}, safeOutsideBody)
  check('request.query', request.query ?? {})
  check('request.json', (request.json as Tree) ?? null)
  check('request.form', request.form ?? {})
  if (auth?.type === 'basic') check('auth', [auth.user, auth.password], safeOutsideBody)
  if (auth?.type === 'bearer') check('auth', auth.token, safeOutsideBody)
  if (auth?.type === 'hmac' && !secrets[auth.secret])
    problems.push(`auth: the secret ${auth.secret} is missing.`)
  if (request.json !== undefined && request.form) problems.push('request has json and form: it has one body.')
  if (request.method === 'GET' && (request.json !== undefined || request.form))
    problems.push('request is a GET and has a body: put its fields into query.')
  problems.push(...urlProblems(request.url, guard), ...regexProblems(settings))
  if (callbacks && !/^[\w.~-]{16,100}$/.test(secrets.callback_token ?? ''))
    problems.push('callbacks need the secret callback_token: 16 to 100 letters, digits, or any of . _ ~ -')
  if (callbacks?.signature && !secrets[callbacks.signature.secret])
    problems.push(`callbacks: the secret ${callbacks.signature.secret} is missing.`)
  if (callbacks?.reply && headerProblem('content-type', callbacks.reply.type))
    problems.push('callbacks.reply.type is no content type.')
  return problems.length > 0 ? problems : headerProblems(settings, secrets)
}

const anyMessage: MessageValues = {
  ...{ to: '+4915112345678', from: null, text: '', id: 'msg_0', encoding: 'gsm7', segments: 1 },
  ...{ validity_seconds: 1, callback_url: null },
}
/** Ours to say: the connection is kept, and its messages are framed, by whoever writes them. */
const framing = /^(connection|content-length|expect|host|keep-alive|te|trailer|transfer-encoding|upgrade)$/

/** Of a request with secrets and all, for a wrong header would fail each time. What it says names no value. */
function headerProblems(settings: HttpSettings, secrets: HttpSecrets): string[] {
  const { headers } = buildRequest(settings, secrets, anyMessage, { reveal: true, now: new Date(0) })
  return Object.entries(headers).flatMap(([name, value]) => headerProblem(name, value) ?? [])
}

/** [RFC 9110 §5.1, §5.5] */
function headerProblem(name: string, value: string): string | undefined {
  if (!/^[!#$%&'*+.^_`|~\w-]+$/.test(name)) return `${name} is no name of a header.`
  if (framing.test(name)) return `The header ${name} is not for settings.`
  return /[^\t\x20-\x7e\x80-\xff]/.test(value)
    ? `The header ${name} holds a line break or what no header holds; look at its secrets too.`
    : undefined
}

function problemOf({ name, filter }: Used, secrets: HttpSecrets, allowed: (name: string) => boolean) {
  if (name.startsWith('secret.')) {
    if (!Object.hasOwn(secrets, name.slice('secret.'.length)))
      return `the ${name.replace('.', ' ')} is missing.`
  } else if (!(names as readonly string[]).includes(name))
    return `{{${name}}} is no placeholder; there are ${names.join(', ')}.`
  if (!allowed(name)) return `{{${name}}} may not stand here; put it into query, json or form.`
  return filter === undefined || knowsFilter(filter) ? undefined : `|${filter} is none of digits and number.`
}

/** The host is the operator's word alone: nothing of a message, and no secret, may choose it. */
function urlProblems(template: string, guard: Pick<Guard, 'checkUrl'>): string[] {
  const [a, b] = ['a', 'b'].map((value) => fillText(template, () => value))
  try {
    const url = guard.checkUrl(a!)
    return new URL(url).origin === new URL(b!).origin
      ? []
      : ['request.url: the host may hold no placeholder.']
  } catch (error) {
    return [`request.url: ${(error as Error).message}`]
  }
}

function regexProblems({ answer }: HttpSettings): string[] {
  return [answer?.id?.regex, answer?.error?.regex].flatMap((pattern) => {
    try {
      compilePattern(pattern ?? '')
      return []
    } catch (error) {
      return [`answer: ${(error as Error).message}`]
    }
  })
}
