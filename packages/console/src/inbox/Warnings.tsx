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
  /** Places of a canned answer that nobody has filled in. */
  missing: readonly string[]
}

const icons = { error: IconRefused, warning: IconWarning, hint: IconUncertain }

/** What stands against the answer, and what it costs more than one message: said before it goes. */
export function Warnings({ talk, text, measured, missing }: WarningsProps) {
  const { t, format, language } = useSpeech()
  const words = t.inbox.compose
  const hints = useHints(text, talk)
  const no = talk.consent.find(({ granted }) => !granted)
  const left = missing.filter(
    (name) => text.includes(`{{${name}}}`) || new RegExp(`\\{\\{\\s*${name}`).test(text),
  )
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
    left.length > 0 && { key: 'left', severity: 'error' as const, text: words.missing(format.list(left)) },
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
