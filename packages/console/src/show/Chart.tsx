import { Button } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { useId, useState } from 'react'
import { IconChart, IconTable } from '../icons.ts'
import { useSpeech } from '../strings/language.tsx'
import css from './Chart.module.css'
import { scaleTop, sparse } from './scale.ts'

export interface Line {
  name: string
  /** Told apart by dash and width too, not by colour alone. */
  look: 'strong' | 'light' | 'limit'
  value: (index: number) => number | null
}

interface ChartProps {
  title: string
  unit: string
  /** Milliseconds since 1970, ascending. */
  times: readonly number[]
  lines: readonly Line[]
  /** The least span of the time axis. */
  spanMs: number
}

const height = 168
const edge = { top: 10, right: 12, bottom: 26, left: 44 }

/** Lines over the last minutes. Beside the picture stands the same as a table. */
export function Chart({ title, unit, times, lines, spanMs }: ChartProps) {
  const { t, format } = useSpeech()
  const { ref, width } = useElementSize()
  const [asTable, setAsTable] = useState(false)
  const id = useId()
  const end = times.at(-1) ?? 0
  const values = lines.flatMap(({ value }) => times.flatMap((_, index) => value(index) ?? []))
  const top = scaleTop(Math.max(0, ...values))
  const x = (at: number) => edge.left + (1 - (end - at) / spanMs) * (width - edge.left - edge.right)
  const y = (value: number) => edge.top + (1 - value / top) * (height - edge.top - edge.bottom)
  const path = ({ value }: Line) => {
    let pen = 'M'
    return times
      .map((at, index) => {
        const v = value(index)
        if (v === null || at < end - spanMs) {
          pen = 'M'
          return ''
        }
        const step = `${pen}${x(at).toFixed(1)} ${y(v).toFixed(1)}`
        pen = 'L'
        return step
      })
      .join('')
  }
  const minutes = Math.round(spanMs / 60_000)
  return (
    <figure ref={ref} className={css.figure} aria-labelledby={id}>
      <figcaption className={css.head}>
        <span id={id} className={css.title}>
          {title}
          <span className={css.unit}>{unit}</span>
        </span>
        <Button
          variant="subtle"
          color="gray"
          size="compact-xs"
          leftSection={asTable ? <IconChart size={15} /> : <IconTable size={15} />}
          onClick={() => setAsTable(!asTable)}
        >
          {asTable ? t.chart.picture : t.chart.table}
        </Button>
      </figcaption>
      {times.length < 2 ? (
        <p className={css.soon}>{t.chart.soon}</p>
      ) : asTable ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        <section className={css.scroll} tabIndex={0} aria-label={title}>
          <table className={css.table}>
            <thead>
              <tr>
                <th scope="col">{t.chart.time}</th>
                {lines.map(({ name }) => (
                  <th key={name} scope="col">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {sparse(times, 5_000)
                .toReversed()
                .map((index) => (
                  <tr key={times[index]}>
                    <td>{format.second(times[index]!)}</td>
                    {lines.map(({ name, value }) => {
                      const v = value(index)
                      return <td key={name}>{v === null ? '–' : `${format.amount(v)} ${unit}`}</td>
                    })}
                  </tr>
                ))}
            </tbody>
          </table>
        </section>
      ) : (
        <div className={css.plot}>
          {width > 0 && (
            <svg width={width} height={height} aria-hidden>
              {[0, top / 2, top].map((value) => (
                <g key={value}>
                  <line
                    className={css.grid}
                    x1={edge.left}
                    x2={width - edge.right}
                    y1={y(value)}
                    y2={y(value)}
                  />
                  <text className={css.tick} x={edge.left - 8} y={y(value) + 4} textAnchor="end">
                    {format.amount(value)}
                  </text>
                </g>
              ))}
              {Array.from({ length: minutes + 1 }, (_, ago) => ago)
                .filter((ago) => width > 560 || ago % 2 === minutes % 2 || ago === 0)
                .map((ago) => (
                  <text
                    key={ago}
                    className={css.tick}
                    x={x(end - ago * 60_000)}
                    y={height - 7}
                    textAnchor={ago === 0 ? 'end' : ago === minutes ? 'start' : 'middle'}
                  >
                    {ago === 0 ? t.chart.now : t.chart.ago(format.number(ago))}
                  </text>
                ))}
              {lines.map((line) => (
                <path key={line.name} className={css.line} data-look={line.look} d={path(line)} />
              ))}
            </svg>
          )}
        </div>
      )}
      <ul className={css.legend}>
        {lines.map(({ name, look, value }) => {
          const last = times.length > 0 ? value(times.length - 1) : null
          return (
            <li key={name}>
              <svg width={22} height={8} aria-hidden>
                <path className={css.line} data-look={look} d="M0 4L22 4" />
              </svg>
              {name}
              <span className="number">{last === null ? '–' : `${format.amount(last)} ${unit}`}</span>
            </li>
          )
        })}
      </ul>
    </figure>
  )
}
