import chart from '../show/Chart.module.css'
import { Plot, Scale } from '../show/Plot.tsx'
import { scaleTop } from '../show/scale.ts'
import { useSpeech } from '../strings/language.tsx'
import { regionalForm } from '../strings/locale.ts'
import css from './DayBars.module.css'
import type { Day } from './days.ts'

const height = 148
const edge = { top: 10, right: 4, bottom: 24, left: 40 }
const kinds = ['answer', 'other'] as const

/** A bar a day: below what was answered, above what else was said. */
export function DayBars({ days }: { days: readonly Day[] }) {
  const { t, format, language } = useSpeech()
  const words = t.keywords.stats
  const date = new Intl.DateTimeFormat(regionalForm(language, navigator.languages), {
    day: 'numeric',
    month: 'short',
    timeZone: 'UTC',
  })
  const named = (day: string) => date.format(new Date(`${day}T00:00:00Z`))
  const top = scaleTop(Math.max(4, ...days.map(({ answer, other }) => answer + other)))
  const y = (value: number) => edge.top + (1 - value / top) * (height - edge.top - edge.bottom)

  const picture = (width: number) => {
    const slot = (width - edge.left - edge.right) / days.length
    const bar = (at: number) => ({ x: edge.left + at * slot + slot * 0.15, width: slot * 0.7 })
    return (
      <>
        <Scale top={top} y={y} left={edge.left} right={width - edge.right} />
        {days.map(({ day, answer, other }, at) => (
          <g key={day}>
            <rect className={css.answer} {...bar(at)} y={y(answer)} height={y(0) - y(answer)} />
            <rect
              className={css.other}
              {...bar(at)}
              y={y(answer + other)}
              height={y(answer) - y(answer + other)}
            />
            {(at === 0 ||
              at === days.length - 1 ||
              (width > 560 && at > 4 && (days.length - 1 - at) % 7 === 0)) && (
              <text
                className={chart.tick}
                x={at === 0 ? edge.left : edge.left + (at + 1) * slot}
                y={height - 6}
                textAnchor={at === 0 ? 'start' : 'end'}
              >
                {named(day)}
              </text>
            )}
          </g>
        ))}
      </>
    )
  }
  return (
    <Plot
      label={words.title}
      height={height}
      picture={picture}
      table={{
        heads: [words.day, words.legend.answer, words.legend.other],
        rows: () =>
          days
            .toReversed()
            .map(({ day, answer, other }) => [named(day), format.number(answer), format.number(other)]),
      }}
      legend={kinds.map((of) => ({
        name: words.legend[of],
        sign: (
          <svg width={12} height={12} aria-hidden>
            <rect className={css[of]} width={12} height={12} />
          </svg>
        ),
        value: format.number(days.reduce((sum, day) => sum + day[of], 0)),
      }))}
    />
  )
}
