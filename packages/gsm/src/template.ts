/** Literal text, or a place where a value goes. */
export type TemplatePart = string | { readonly placeholder: string }
/** What goes where, by name. Nothing, for null and undefined. */
export type TemplateValues = Readonly<Record<string, string | number | null | undefined>>

const placeholder = /\{\{\s*([^{}\s](?:[^{}]*[^{}\s])?)\s*\}\}/g

/** `Hello {{ name }}!` into `['Hello ', { placeholder: 'name' }, '!']`. What is no placeholder is literal: never throws. */
export function parseTemplate(text: string): TemplatePart[] {
  const parts: TemplatePart[] = []
  let from = 0
  for (const { 0: found, 1: name, index } of text.matchAll(placeholder)) {
    if (index > from) parts.push(text.slice(from, index))
    parts.push({ placeholder: name! })
    from = index + found.length
  }
  if (from < text.length) parts.push(text.slice(from))
  return parts
}

/** The text for one recipient. */
export function fillTemplate(parts: readonly TemplatePart[], values: TemplateValues): string {
  let text = ''
  for (const part of parts) text += typeof part === 'string' ? part : valueText(values, part.placeholder)
  return text
}

/** A value as it stands in the text. Own properties only: no recipient is greeted with `function toString()`. */
export function valueText(values: TemplateValues, name: string): string {
  const value = Object.hasOwn(values, name) ? values[name] : undefined
  return value === undefined || value === null ? '' : String(value)
}
