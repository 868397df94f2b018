import type { Carrier } from '../api/operate-types.ts'
import { Chart } from '../show/Chart.tsx'
import { Card } from '../show/Page.tsx'
import { useSpeech } from '../strings/language.tsx'
import css from './Carrier.module.css'
import { samplesOf } from './history.ts'

const minute = 60_000
const mostMinutes = 5

/** Rate against limit, and how long answers take. Drawn again with each answer of the API. */
export function Charts({ carrier }: { carrier: Carrier }) {
  const { t } = useSpeech()
  const samples = samplesOf(carrier.id)
  const times = samples.map(({ at }) => at)
  // As wide as there is something to see.
  const minutes = Math.ceil(((times.at(-1) ?? 0) - (times[0] ?? 0)) / minute)
  const spanMs = Math.min(Math.max(minutes, 1), mostMinutes) * minute
  return (
    <Card title={t.carriers.charts} note={t.carriers.chartsNote}>
      <div className={css.charts}>
        <Chart
          title={t.carriers.chartRate}
          unit={t.carriers.perSecond}
          times={times}
          spanMs={spanMs}
          lines={[
            { name: t.carriers.chartRate, look: 'strong', value: (index) => samples[index]!.rate },
            ...(samples.some(({ limit }) => limit !== null)
              ? [
                  {
                    name: t.carriers.limit,
                    look: 'limit' as const,
                    value: (index: number) => samples[index]!.limit,
                  },
                ]
              : []),
          ]}
        />
        <Chart
          title={t.carriers.chartAnswers}
          unit="ms"
          times={times}
          spanMs={spanMs}
          lines={[
            { name: t.carriers.p50, look: 'strong', value: (index) => samples[index]!.p50 },
            { name: t.carriers.p99, look: 'light', value: (index) => samples[index]!.p99 },
          ]}
        />
      </div>
    </Card>
  )
}
