import { RE2JS } from 're2js'

/** A regular expression that stands in a setting. */
export interface Pattern {
  test(text: string): boolean
  /** What its first group caught, or all of it where it has none; undefined when it does not fit. */
  find(text: string): string | undefined
}

/** Instructions of the compiled expression. `[A-Za-z0-9-]{8,64}` has 122; each may be looked at for each character. */
const mostInstructions = 300
/** Further than this no text is searched: with the limit above some 2.5 million steps, a fifth of a second, are the worst. */
const mostSearched = 8 * 1024

/**
 * Compiles what JavaScript writes as a regular expression, without backtracking: the time grows with the text and never
 * with its powers, so that no setting can stop the process. Look-around and back-references cannot be had that way. Throws RangeError, in a sentence.
 */
export function compilePattern(source: string): Pattern {
  const compiled = compile(source)
  if (compiled.programSize() > mostInstructions)
    throw new RangeError(`${source} is too large an expression: repeat less.`)
  return {
    test: (text) => compiled.test(text.slice(0, mostSearched)),
    find(text) {
      const matcher = compiled.matcher(text.slice(0, mostSearched))
      if (!matcher.find()) return undefined
      return (matcher.groupCount() > 0 ? matcher.group(1) : null) ?? matcher.group() ?? undefined
    },
  }
}

function compile(source: string): RE2JS {
  try {
    return RE2JS.compile(RE2JS.translateRegExp(source))
  } catch (cause) {
    throw new RangeError(
      `${source} is no regular expression that can be used here (look-around and back-references cannot).`,
      { cause },
    )
  }
}
