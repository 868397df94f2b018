import type { TalkDetail } from '../api/inbox.ts'
import { showNumber } from '../format/phone.ts'
import { IconRefused, IconUncertain, IconWarning } from '../icons.ts'
import type { Measure } from '../send/measure.ts'
import { useSpeech } from '../strings/language.tsx'
import { useHints } from './useHints.ts'
import css from './Warnings.module.css'

interface WarningsProps {
  talk: TalkDetail
  text: string
  measured: Measure
}

/** By the meter under the text, or in words of our own. */
const saidElsewhere = new Set(['ucs2_by_few', 'ucs2_harmless', 'one_segment_more', 'reply_impossible'])
const icons = { error: IconRefused, warning: IconWarning, hint: IconUncertain }

/** What stands against the answer, and what it costs more than one message: said before it goes. */
export function Warnings({ talk, text, measured }: WarningsProps) {
  const { t, format, language } = useSpeech()
  const words = t.inbox.compose
  const hints = useHints(text, talk).filter(({ code }) => !saidElsewhere.has(code))
  const no = talk.consent.find(({ granted }) => !granted)
  const count = measured.segments.length
  const lines = [
    no && {
      key: 'out',
      severity: 'warning' as const,
      text:
        no.topic || no.sender ? words.optedOutOf(no.topic?.name ?? showNumber(no.sender!)) : words.optedOut,
    },
    talk.sender &&
      /[A-Za-z]/.test(talk.sender) && {
        key: 'name',
        severity: 'warning' as const,
        text: words.cannot(talk.sender),
      },
    count > 1 && { key: 'cost', severity: 'hint' as const, text: words.cost(format.number(count)) },
    ...hints.map(({ code, severity, sentence }) => ({ key: code, severity, text: sentence[language] })),
  ].filter((line) => !!line)
  return (
    <ul className={css.lines} aria-label={words.hints} aria-live="polite">
      {lines.map(({ key, severity, text: line }) => {
        const Icon = icons[severity]
        return (
          <li key={key} data-severity={severity}>
            <Icon size={15} aria-hidden />
            <span>{line}</span>
          </li>
        )
      })}
    </ul>
  )
}
