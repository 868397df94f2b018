import type { TimelineEntry } from '../api/types.ts'
import { lookOf, looks } from '../state/look.ts'
import { lookStyle } from '../state/Sign.tsx'
import { useSpeech } from '../strings/language.tsx'
import css from './Timeline.module.css'

/** Everything that happened to a message, in order, with what each step knew. */
export function Timeline({ entries }: { entries: readonly TimelineEntry[] }) {
  const { t, format } = useSpeech()
  const start = Date.parse(entries[0]?.at ?? '')
  return (
    <ol className={css.list}>
      {entries.map((entry, index) => {
        const Icon = looks[lookOf[entry.state]]
        const details = detailsOf(entry, t.detail.keys)
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: the timeline only grows at its end
          <li key={index} className={css.entry} style={lookStyle(lookOf[entry.state])}>
            <span className={css.icon}>
              <Icon size={20} aria-hidden />
            </span>
            <div>
              <div className={css.name}>{t.steps[entry.state]}</div>
              <div className={css.meaning}>
                {t.stepMeaning[entry.state]}
                {details && <div className="mono">{details}</div>}
              </div>
            </div>
            <div className={`${css.time} number`}>
              <time dateTime={entry.at} title={format.full(entry.at)}>
                {format.clock(entry.at)}
              </time>
              {index > 0 && (
                <div className={css.after}>
                  {t.track.after(format.span(Math.max(0, Date.parse(entry.at) - start)))}
                </div>
              )}
            </div>
          </li>
        )
      })}
    </ol>
  )
}

function detailsOf({ state: _, at: _at, ...details }: TimelineEntry, names: Record<string, string>): string {
  return Object.entries(details)
    .filter(([, value]) => value !== null && value !== undefined)
    .map(
      ([name, value]) =>
        `${names[name] ?? name}: ${typeof value === 'object' ? JSON.stringify(value) : value}`,
    )
    .join(' · ')
}
