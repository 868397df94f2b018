import { Button } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { useState } from 'react'
import { IconChart, IconTable } from '../icons.ts'
import chart from '../show/Chart.module.css'
import { scaleTop } from '../show/scale.ts'
import { useSpeech } from '../strings/language.tsx'
import { regionalForm } from '../strings/locale.ts'
import css from './DayBars.module.css'
import type { Day } from './days.ts'

const height = 148
const edge = { top: 10, right: 4, bottom: 24, left: 40 }

/** A bar a day: below what was answered, above what else was said. Beside the picture stands the same as a table. */
export function DayBars({ days }: { days: readonly Day[] }) {
  const { t, format, language } = useSpeech()
  const words = t.keywords.stats
  const { ref, width } = useElementSize()
  const [asTable, setAsTable] = useState(false)
  const date = new Intl.DateTimeFormat(regionalForm(language, navigator.languages), {
    day: 'numeric',
    month: 'short',
    timeZone: 'UTC',
  })
  const named = (day: string) => date.format(new Date(`${day}T00:00:00Z`))
  const top = scaleTop(Math.max(4, ...days.map(({ answer, other }) => answer + other)))
  const slot = (width - edge.left - edge.right) / days.length
  const y = (value: number) => edge.top + (1 - value / top) * (height - edge.top - edge.bottom)
  const total = (of: 'answer' | 'other') => days.reduce((sum, day) => sum + day[of], 0)
  return (
    <figure ref={ref} className={chart.figure} aria-label={words.title}>
      <div className={css.switch}>
        <Button
          variant="subtle"
          color="gray"
          size="compact-xs"
          leftSection={asTable ? <IconChart size={15} /> : <IconTable size={15} />}
          onClick={() => setAsTable(!asTable)}
        >
          {asTable ? t.chart.picture : t.chart.table}
        </Button>
      </div>
      {asTable ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        <section className={chart.scroll} tabIndex={0} aria-label={words.title}>
          <table className={chart.table}>
            <thead>
              <tr>
                <th scope="col">{words.day}</th>
                <th scope="col">{words.legend.answer}</th>
                <th scope="col">{words.legend.other}</th>
              </tr>
            </thead>
            <tbody>
              {days.toReversed().map(({ day, answer, other }) => (
                <tr key={day}>
                  <td>{named(day)}</td>
                  <td>{format.number(answer)}</td>
                  <td>{format.number(other)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      ) : (
        <div style={{ height }}>
          {width > 0 && (
            <svg width={width} height={height} aria-hidden className={css.picture}>
              {[0, top / 2, top].map((value) => (
                <g key={value}>
                  <line
                    className={chart.grid}
                    x1={edge.left}
                    x2={width - edge.right}
                    y1={y(value)}
                    y2={y(value)}
                  />
                  <text className={chart.tick} x={edge.left - 8} y={y(value) + 4} textAnchor="end">
                    {format.amount(value)}
                  </text>
                </g>
              ))}
              {days.map(({ day, answer, other }, at) => (
                <g key={day}>
                  <rect
                    className={css.answer}
                    x={edge.left + at * slot + slot * 0.15}
                    width={slot * 0.7}
                    y={y(answer)}
                    height={y(0) - y(answer)}
                  />
                  <rect
                    className={css.other}
                    x={edge.left + at * slot + slot * 0.15}
                    width={slot * 0.7}
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
            </svg>
          )}
        </div>
      )}
      <ul className={chart.legend}>
        {(['answer', 'other'] as const).map((of) => (
          <li key={of}>
            <svg width={12} height={12} aria-hidden>
              <rect className={css[of]} width={12} height={12} />
            </svg>
            {words.legend[of]}
            <span className="number">{format.number(total(of))}</span>
          </li>
        ))}
      </ul>
    </figure>
  )
}
