/** The first of the reader's languages that the console speaks. */
export const firstSpoken = <T extends string>(tags: readonly string[], spoken: readonly T[]): T | undefined =>
  tags.map((tag) => tag.slice(0, 2).toLowerCase()).find((code): code is T => spoken.includes(code as T))

/**
 * The reader's own regional form of a language, such as de-AT, for dates and numbers. Browsers also report what
 * the system calls it: `en-US@posix` is no language tag, and Intl throws on it.
 */
export function regionalForm(language: string, tags: readonly string[]): string {
  const own = tags.find((tag) => tag.toLowerCase().startsWith(language) && isLocale(tag))
  return own ?? (language === 'en' ? 'en-GB' : language)
}

function isLocale(tag: string): boolean {
  try {
    return Intl.DateTimeFormat.supportedLocalesOf(tag).length > 0
  } catch {
    return false
  }
}
