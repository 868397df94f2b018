import { costFindings } from './cost.ts'
import { type Finding, type HintCode, hints, type Severity, sentencesOf } from './hints.ts'
import { type IdentityContext, identityFindings } from './identity.ts'
import { linkFindings, placeholderFindings } from './leftovers.ts'
import { replyFindings } from './replies.ts'

export interface LintOptions extends IdentityContext {
  /** {{name}} will be filled for each recipient. */
  template: boolean
}

export interface Hint extends Omit<Finding, 'words'> {
  code: HintCode
  severity: Severity
  sentence: { en: string; de: string }
  source: string
  verified: boolean
}

const weight: Readonly<Record<Severity, number>> = { error: 0, warning: 1, hint: 2 }

/** What is wrong with a text before it is sent, the worst first. Pure; nothing of it stops anybody from sending. */
export function lint(options: LintOptions): Hint[] {
  const { text, template } = options
  return [
    ...placeholderFindings(text, { template }),
    ...replyFindings(text),
    ...identityFindings(options),
    ...linkFindings(text),
    ...costFindings(text),
  ]
    .map(({ code, finding }) => {
      const { severity, source, verified } = hints[code]
      const { words: _, ...found } = finding
      return { code, severity, ...found, sentence: sentencesOf(code, finding), source, verified }
    })
    .sort((a, b) => weight[a.severity] - weight[b.severity])
}
