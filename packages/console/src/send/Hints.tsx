import { VisuallyHidden } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { IconFailed, IconHint, IconWarning } from '../icons.ts'
import { useRested } from '../show/useRested.ts'
import { useSpeech } from '../strings/language.tsx'
import css from './Hints.module.css'
import { type Linted, lintQuery } from './lint.ts'

const icons = { error: IconFailed, warning: IconWarning, hint: IconHint } as const
/** Typing is done for a moment: a hint about half a word helps nobody. */
const restMs = 500

/** What is better thought of before it goes out. Stops nobody. */
export function Hints({ draft }: { draft: Linted }) {
  const { t, language } = useSpeech()
  const typed = JSON.stringify(draft)
  const rested = useRested(typed, restMs)
  const { data: hints = [] } = useQuery({
    ...lintQuery(JSON.parse(rested) as Linted),
    placeholderData: keepPreviousData,
  })
  return (
    <div aria-live="polite">
      {draft.text.trim() !== '' && hints.length > 0 && (
        <ul className={css.hints} aria-label={t.hints.title}>
          {hints.map(({ code, severity, sentence, source, verified, from }) => {
            const Icon = icons[severity]
            return (
              <li key={`${code} ${from}`} className={css.hint} data-severity={severity}>
                <Icon size={16} aria-hidden className={css.icon} />
                <p>
                  <VisuallyHidden>{t.hints.severity[severity]} </VisuallyHidden>
                  {sentence[language]} <span className={css.source}>{t.hints.source(source, verified)}</span>
                </p>
              </li>
            )
          })}
        </ul>
      )}
    </div>
  )
}
