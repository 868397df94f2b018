import { compact, normalise } from './normalise.ts'
import { everyday, homographs, type Language, type Vocabulary, vocabulary } from './vocabulary.ts'

/** A topic as people name it. */
export interface NamedTopic {
  id: string
  key: string
  name: string
}

/** What an order is about: `all` that the account sends, a topic by its id, or what the account's setting says: its `own`. */
export type Subject = { kind: 'own' } | { kind: 'all' } | { kind: 'topic'; topic: string }

export interface Order {
  act: 'stop' | 'start' | 'help'
  word: string
  languages: readonly Language[]
  scope: Subject
  /** With a please or a thank-you, or more such words: meant, but not in the form that everybody prints. */
  polite: boolean
}

/** What a person's text asks for. `languages`: those in which the word means that. */
export type Reading =
  | Order
  /** A word that means STOP only where nobody has asked anything. */
  | { act: 'soft_stop'; word: string; languages: readonly Language[] }
  /** A sentence that may mean it. People read it. */
  | { act: 'doubtful'; word: string; languages: readonly Language[] }

type Kind = keyof Vocabulary
type Meaning = { word: string; languages: Language[] }

const entries = Object.entries(vocabulary) as [Language, Vocabulary][]

/** The words of one kind in all languages, by their folded form; `fold` says which. */
function index(kind: Kind, fold: (word: string) => string): Map<string, Meaning> {
  const found = new Map<string, Meaning>()
  for (const [language, words] of entries) {
    for (const word of words[kind] ?? []) {
      const meaning = found.get(fold(word))
      if (!meaning) found.set(fold(word), { word, languages: [language] })
      else if (!meaning.languages.includes(language)) meaning.languages.push(language)
    }
  }
  return found
}

const whole = (kind: Kind) => index(kind, (word) => compact(normalise(word)))
const stops = whole('stop')
const softStops = whole('softStop')
const helps = whole('help')
const starts = whole('start')
const everything = whole('all')
const polite = index('polite', normalise)
/** As a sentence has them: in words. A single letter is in too many. */
const stopPhrases = [...index('stop', normalise)].filter(([phrase]) => phrase.length > 1)
/** Scripts without spaces: there a word is found wherever it stands. */
const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u

/** Whatever begins or makes up a word of ours. */
const tokensOfOurs = new Set(
  (['stop', 'softStop', 'help', 'start'] as const).flatMap((kind) =>
    [...index(kind, normalise).keys()].flatMap((word) => [word.split(' ')[0]!, compact(word)]),
  ),
)

/** Whether a text may say anything of this at all; cheaper than to read it, and needs to know nothing of the person. */
export function mentions(text: string): boolean {
  const said = normalise(text)
  if (unspaced.test(said)) return true
  const tokens = said.split(' ')
  return (
    tokens.some((token) => tokensOfOurs.has(token)) || (tokens.length <= 9 && tokensOfOurs.has(compact(said)))
  )
}

/** More words than this are no order, however polite. */
const longestOrder = 6

/**
 * What a text asks for; undefined: nothing of this. `languages` are those that the person may speak, where that is known:
 * some words are everyday words elsewhere. Never throws.
 */
export function read(
  text: string,
  options: { topics?: readonly NamedTopic[]; languages?: readonly string[] } = {},
): Reading | undefined {
  const said = normalise(text)
  if (said === '') return undefined
  const { topics = [], languages } = options
  const tokens = said.split(' ')
  return (
    order('stop', stops, tokens, topics, languages) ??
    order('start', starts, tokens, topics, languages) ??
    order('help', helps, tokens, topics, languages) ??
    soft(said) ??
    doubtful(said, tokens)
  )
}

const meansIt = (folded: string, languages: readonly string[] | undefined): boolean =>
  !(folded in homographs) ||
  languages === undefined ||
  homographs[folded]!.some((language) => languages.includes(language))

/** One of `words`, alone or with what it is about, in either order, and words of courtesy around it. */
function order(
  act: 'stop' | 'start' | 'help',
  words: ReadonlyMap<string, Meaning>,
  tokens: readonly string[],
  topics: readonly NamedTopic[],
  languages: readonly string[] | undefined,
): Order | undefined {
  const alone = find(words, tokens, languages)
  if (alone) return { act, ...alone, scope: { kind: 'own' }, polite: false }
  if (tokens.length > longestOrder + 4) return undefined
  // The longest that can be cut off at either end: "dar de baja ofertas", "werbung stop".
  for (let length = Math.min(3, tokens.length - 1); length > 0; length--) {
    for (const [head, rest] of [
      [tokens.slice(0, length), tokens.slice(length)],
      [tokens.slice(-length), tokens.slice(0, -length)],
    ] as const) {
      const word = find(words, head, languages)
      if (!word) continue
      const named = nameOf(rest, topics)
      if (named) return { act, ...word, ...named }
    }
  }
  if (act !== 'stop' || tokens.length > longestOrder) return undefined
  // A word in the middle of courtesies: "please stop texting me".
  const at = tokens.findIndex((token) => words.has(token) && meansIt(token, languages))
  const rest = tokens.filter((_, place) => place !== at)
  if (at < 0 || !rest.every((token) => polite.has(token))) return undefined
  return { act, ...words.get(tokens[at]!)!, scope: { kind: 'own' }, polite: true }
}

function find(
  words: ReadonlyMap<string, Meaning>,
  tokens: readonly string[],
  languages: readonly string[] | undefined,
): Meaning | undefined {
  const folded = tokens.join('')
  return meansIt(folded, languages) ? words.get(folded) : undefined
}

/** What the rest of an order is about, courtesies aside; undefined: something else. */
function nameOf(
  rest: readonly string[],
  topics: readonly NamedTopic[],
): Pick<Order, 'scope' | 'polite'> | undefined {
  const exact = subject(rest, topics)
  if (exact) return { scope: exact, polite: false }
  const core = rest.filter((token) => !polite.has(token))
  if (core.length === rest.length || rest.length >= longestOrder + 2) return undefined
  if (core.length === 0) return { scope: { kind: 'own' }, polite: true }
  const meant = subject(core, topics)
  return meant && { scope: meant, polite: true }
}

function subject(tokens: readonly string[], topics: readonly NamedTopic[]): Subject | undefined {
  const name = tokens.join('')
  if (everything.has(name)) return { kind: 'all' }
  const topic = topics.find(
    (one) => compact(normalise(one.key)) === name || compact(normalise(one.name)) === name,
  )
  return topic && { kind: 'topic', topic: topic.id }
}

function soft(said: string): Reading | undefined {
  const word = softStops.get(compact(said))
  return word && { act: 'soft_stop', ...word }
}

function doubtful(said: string, tokens: readonly string[]): Reading | undefined {
  const spaced = ` ${said} `
  const long = tokens.length > longestOrder
  for (const [phrase, meaning] of stopPhrases) {
    const found = unspaced.test(phrase) ? said.includes(phrase) : spaced.includes(` ${phrase} `)
    if (!found) continue
    if (long && everyday.includes(phrase) && !said.startsWith(`${phrase} `) && !said.endsWith(` ${phrase}`))
      continue
    return { act: 'doubtful', ...meaning }
  }
  return undefined
}
