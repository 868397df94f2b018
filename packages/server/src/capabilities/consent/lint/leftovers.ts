import type { Finding, HintCode } from './hints.ts'

/** Link shorteners that anybody uses, and so do swindlers. */
const shorteners: ReadonlySet<string> = new Set(
  (
    'bit.ly tinyurl.com t.co goo.gl ow.ly is.gd v.gd buff.ly rebrand.ly cutt.ly t.ly rb.gy shorturl.at tiny.cc ' +
    'lnkd.in bl.ink s.id shorte.st adf.ly bit.do mcaf.ee su.pr tr.im x.co qr.ae short.io kutt.it u.to'
  ).split(' '),
)
const link = /(?:https?:\/\/)?(?:www\.)?(?<host>(?:[a-z0-9-]+\.)+[a-z]{2,})(?=\/[\w-])/giu

export function linkFindings(text: string): { code: HintCode; finding: Finding }[] {
  return [...text.matchAll(link)].flatMap((match) => {
    const host = match.groups!.host!.toLowerCase()
    if (!shorteners.has(host)) return []
    const from = match.index
    return [
      { code: 'link_shortener' as const, finding: { from, to: from + match[0].length, facts: { host } } },
    ]
  })
}

/** {{name}}, {name}, [Name], <name>, %name%, $name, and what people write where a name is to come. */
const placeholders: readonly RegExp[] = [
  /\{\{?\s*[\p{L}_][\p{L}\p{N}_. -]{0,40}\s*\}?\}/gu,
  /\[\s*(?:your |ihr |dein )?[\p{L}_][\p{L}_ -]{1,30}\]/giu,
  /<\s*[\p{L}_][\p{L}_ -]{1,30}>/gu,
  /%[\p{L}_]{2,30}%/gu,
  /\$\{?[A-Za-z_]{2,30}\}?/g,
  /\b(?:X{3,}|TODO|TBD|lorem ipsum)\b/gi,
  /\b(?:undefined|null|NaN|\[object Object\])\b/g,
]

/** Placeholders in a text; in a template those in two braces are filled for each recipient. */
export function placeholderFindings(
  text: string,
  { template }: { template: boolean },
): { code: HintCode; finding: Finding }[] {
  const seen = new Set<number>()
  return placeholders.flatMap((pattern) =>
    [...text.matchAll(pattern)].flatMap((match) => {
      const [placeholder] = match
      if (seen.has(match.index) || (template && /^\{\{.*\}\}$/.test(placeholder))) return []
      seen.add(match.index)
      const at = { from: match.index, to: match.index + placeholder.length }
      return [{ code: 'placeholder_left' as const, finding: { ...at, facts: { placeholder } } }]
    }),
  )
}
