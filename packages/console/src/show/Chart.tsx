import { useSpeech } from '../strings/language.tsx'
import css from './Chart.module.css'
import { Plot, Scale } from './Plot.tsx'
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

/** Lines over the last minutes. */
export function Chart({ title, unit, times, lines, spanMs }: ChartProps) {
  const { t, format } = useSpeech()
  const end = times.at(-1) ?? 0
  const values = lines.flatMap(({ value }) => times.flatMap((_, index) => value(index) ?? []))
  const top = scaleTop(Math.max(0, ...values))
  const y = (value: number) => edge.top + (1 - value / top) * (height - edge.top - edge.bottom)
  const minutes = Math.round(spanMs / 60_000)
  const amount = (value: number | null) => (value === null ? '–' : `${format.amount(value)} ${unit}`)

  const picture = (width: number) => {
    const x = (at: number) => edge.left + (1 - (end - at) / spanMs) * (width - edge.left - edge.right)
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
    return (
      <>
        <Scale top={top} y={y} left={edge.left} right={width - edge.right} />
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
      </>
    )
  }
  return (
    <Plot
      label={title}
      head={
        <span className={css.title}>
          {title}
          <span className={css.unit}>{unit}</span>
        </span>
      }
      height={height}
      nothing={times.length < 2 ? <p className={css.soon}>{t.chart.soon}</p> : undefined}
      picture={picture}
      table={{
        heads: [t.chart.time, ...lines.map(({ name }) => name)],
        rows: () =>
          sparse(times, 5_000)
            .toReversed()
            .map((index) => [
              format.second(times[index]!),
              ...lines.map(({ value }) => amount(value(index))),
            ]),
      }}
      legend={lines.map(({ name, look, value }) => ({
        name,
        sign: (
          <svg width={22} height={8} aria-hidden>
            <path className={css.line} data-look={look} d="M0 4L22 4" />
          </svg>
        ),
        value: amount(times.length > 0 ? value(times.length - 1) : null),
      }))}
    />
  )
}
