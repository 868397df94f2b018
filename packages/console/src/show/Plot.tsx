import { Button } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { type ReactNode, useState } from 'react'
import { IconChart, IconTable } from '../icons.ts'
import { useSpeech } from '../strings/language.tsx'
import css from './Chart.module.css'

interface PlotProps {
  /** What screen readers call it; `head` is what stands above it. */
  label: string
  head?: ReactNode
  height: number
  /** The picture, as soon as its width is known. */
  picture: (width: number) => ReactNode
  /** The same as a table: headings, and rows of cells, of which the first tells a row from the others. */
  table: { heads: readonly string[]; rows: () => readonly (readonly string[])[] }
  /** What stands in place of both while there is nothing to show. */
  nothing?: ReactNode
  legend: readonly { name: string; sign: ReactNode; value: string }[]
}

/** A picture with a legend, and the same as a table for whoever would rather read. */
export function Plot({ label, head, height, picture, table, nothing, legend }: PlotProps) {
  const { t } = useSpeech()
  const { ref, width } = useElementSize()
  const [asTable, setAsTable] = useState(false)
  return (
    <figure ref={ref} className={css.figure} aria-label={label}>
      <figcaption className={css.head}>
        <span>{head}</span>
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
      {nothing ??
        (asTable ? (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
          <section className={css.scroll} tabIndex={0} aria-label={label}>
            <table className={css.table}>
              <thead>
                <tr>
                  {table.heads.map((each) => (
                    <th key={each} scope="col">
                      {each}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {table.rows().map((cells) => (
                  <tr key={cells[0]}>
                    {cells.map((cell, at) => (
                      <td key={table.heads[at]}>{cell}</td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
        ) : (
          <div className={css.plot} style={{ height }}>
            {width > 0 && (
              <svg width={width} height={height} aria-hidden>
                {picture(width)}
              </svg>
            )}
          </div>
        ))}
      <ul className={css.legend}>
        {legend.map(({ name, sign, value }) => (
          <li key={name}>
            {sign}
            {name}
            <span className="number">{value}</span>
          </li>
        ))}
      </ul>
    </figure>
  )
}

/** Three lines across with what they stand for. */
export function Scale({
  top,
  y,
  left,
  right,
}: {
  top: number
  y: (value: number) => number
  left: number
  right: number
}) {
  const { format } = useSpeech()
  return [0, top / 2, top].map((value) => (
    <g key={value}>
      <line className={css.grid} x1={left} x2={right} y1={y(value)} y2={y(value)} />
      <text className={css.tick} x={left - 8} y={y(value) + 4} textAnchor="end">
        {format.amount(value)}
      </text>
    </g>
  ))
}
