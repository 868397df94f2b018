import type { Target } from './target.ts'

/** What can be fuzzed: `npm run fuzz -- <name>`. */
export const targets: Readonly<Record<string, () => Promise<Target>>> = {
  smpp: async () => (await import('./smpp/target.ts')).smpp,
  gsm: async () => (await import('./gsm/target.ts')).gsm,
  words: async () => (await import('./words/target.ts')).stopWords,
}
