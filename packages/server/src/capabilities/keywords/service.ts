import type { Tree } from './source/tree.ts'
import type { Texts } from './texts.ts'

export const kinds = ['template', 'table', 'http'] as const
export type Kind = (typeof kinds)[number]

/** A word under which a service is asked, and the language of who uses it, where the word says so. */
export interface Keyword {
  readonly word: string
  readonly language?: string
}

/** What stands behind the word. */
export interface Argument {
  readonly name: string
  readonly optional?: boolean
  /** Takes all words that are left. Only the last one may. */
  readonly rest?: boolean
}

/** Texts of a service, by what they say. What is missing has a text of the house. */
export interface ServiceTexts {
  readonly answer: Texts
  readonly not_found?: Texts
  readonly usage?: Texts
  readonly failed?: Texts
  readonly quota?: Texts
}

/** How the rows of a table become an answer. */
export interface TableSettings {
  /** Most rows in one answer. */
  readonly most_rows: number
}

export interface SourceHeader {
  readonly name: string
  /** Absent where it is a secret: that stands in `secrets`. */
  readonly value?: string
}

/** A request whose answer is the answer. Places are JSON Pointers (RFC 6901). */
export interface SourceSettings {
  readonly method: 'GET' | 'POST'
  readonly url: string
  readonly headers: readonly SourceHeader[]
  /** JSON with placeholders in its strings; POST only. */
  readonly body?: Tree
  readonly values: Readonly<Record<string, string>>
  /** A list in the answer: `{{list}}` is its entries, each as a line. */
  readonly list?: {
    readonly place: string
    readonly values: Readonly<Record<string, string>>
    readonly line: Texts
    readonly most: number
  }
  readonly timeout_ms: number
  /** For how long an answer stands for the next who asks the same; 0: not at all. */
  readonly cache_seconds: number
  /** For how long after that it stands where the source fails. */
  readonly stale_seconds: number
}

export interface ServiceSettings {
  /** Of people of whom no other is known. */
  readonly language: string
  readonly time_zone: string
  /** What a mistyped word gets: the answer, the question whether it was meant, or nothing. */
  readonly typos: 'answer' | 'ask' | 'off'
  readonly max_segments: number
  readonly arguments: readonly Argument[]
  readonly texts: ServiceTexts
  readonly table?: TableSettings
  readonly source?: SourceSettings
}

export interface Quota {
  readonly per_hour: number | null
  readonly per_day: number | null
}

export interface Service {
  readonly accountId: string
  /** Bare UUID. */
  readonly id: string
  readonly name: string
  readonly kind: Kind
  readonly enabled: boolean
  /** Our own numbers at which it answers; null: at all of them. */
  readonly numbers: readonly string[] | null
  readonly keywords: readonly Keyword[]
  readonly quota: Quota
  readonly settings: ServiceSettings
  /** Values of secret headers, by the header's name. */
  readonly secrets: Readonly<Record<string, string>>
  readonly revision: number
  readonly createdAt: Date
  readonly updatedAt: Date
}

/** What a number of ours does with words that nobody has: answers, so that it suits numbers at which nobody reads. */
export interface NumberSettings {
  readonly texts: Texts
}

/** Of a table's columns, which ones a row is found by, and what is compared with them. */
export interface Column {
  readonly name: string
  readonly key: 'argument' | 'caller' | null
}
