/** Languages in which the house answers by itself; any other two letters can be written for as well. */
export const languageTags =
  'ar cs da de el en es fi fr he hi hu it ja ko nl no pl pt ro ru sk sv tr uk zh'.split(' ')

/** `de` as "German" or "Deutsch". */
export function languageName(tag: string, reader: string): string {
  return new Intl.DisplayNames([reader], { type: 'language', fallback: 'code' }).of(tag) ?? tag
}
