/** A piece of HTML. Text that is put into one is escaped; only pieces go in as they are. */
export class Html {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

const escapes: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const escapeText = (text: string): string => text.replaceAll(/[&<>"']/g, (char) => escapes[char]!)

type Value = Html | string | number | undefined | false | readonly Value[]

const show = (value: Value): string => {
  if (value instanceof Html) return value.text
  if (value === undefined || value === false) return ''
  if (typeof value === 'object') return value.map(show).join('')
  return escapeText(String(value))
}

export const html = (strings: TemplateStringsArray, ...values: Value[]): Html =>
  new Html(strings.reduce((text, string, at) => text + show(values[at - 1]) + string))

/** `code` in backticks, as the texts of routes and errors write it. */
export const prose = (text: string): Html =>
  new Html(escapeText(text).replaceAll(/`([^`]+)`/g, '<code>$1</code>'))
