import { Button } from '@mantine/core'
import type { Price } from '../api/types.ts'
import { IconReplace } from '../icons.ts'
import type { Strings } from '../strings/en.ts'
import { useSpeech } from '../strings/language.tsx'
import css from './Meter.module.css'
import type { Measure } from './measure.ts'

interface MeterProps {
  id: string
  empty: boolean
  measured: Measure
  /** Of a segment. */
  price?: Price | null
  onReplace: (text: string) => void
}

/** More bars than this are dust; the number says the rest. */
const mostBars = 30
const namedOffenders = 6

/** Segments, what is left, the encoding, and which character it is that costs so much. */
export function Meter({ id, empty, measured, price, onReplace }: MeterProps) {
  const { t, format } = useSpeech()
  const count = measured.segments.length
  const offends = measured.offenders.length > 0
  return (
    <div className={css.meter} id={id}>
      <div className={css.bars} data-warn={offends || undefined} aria-hidden>
        {measured.segments.slice(0, mostBars).map((segment, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a segment is its position
          <div className={css.bar} key={index}>
            <div className={css.fill} style={{ width: `${(segment.units / segment.capacity) * 100}%` }} />
          </div>
        ))}
      </div>
      <div className={css.line}>
        {empty ? (
          <span>{t.meter.empty(format.number(measured.perSegment))}</span>
        ) : (
          <>
            <span className={`${css.count} number`}>{t.meter.segments(count, format.number(count))}</span>
            <span className="number">{t.meter.left(measured.left, format.number(measured.left))}</span>
            {price && (
              <span className="number" title={t.meter.estimate}>
                {t.meter.price(format.price({ ...price, amount: price.amount * count }))}
              </span>
            )}
          </>
        )}
        <span className={css.end}>{t.meter[measured.encoding]}</span>
      </div>
      <div aria-live="polite">
        {offends && (
          <div className={css.offence}>
            <p>
              <Offenders measured={measured} />
              {consequence(measured, t, format.number)}
            </p>
            {measured.replaced && (
              <Button
                size="compact-sm"
                variant="default"
                leftSection={<IconReplace size={15} />}
                onClick={() => onReplace(measured.replaced!.text)}
              >
                {replaceText(measured.replaced.changes, t)}
              </Button>
            )}
          </div>
        )}
      </div>
    </div>
  )
}

const shown = (char: string, t: Strings) => (/[\p{Z}\p{C}\p{M}]/u.test(char) ? t.meter.invisible : char)

function Offenders({ measured: { offenders } }: { measured: Measure }) {
  const { t, format } = useSpeech()
  const more = offenders.length - namedOffenders
  return (
    <>
      {offenders.slice(0, namedOffenders).map(({ char, code }) => (
        <span key={char} className={css.char} title={code}>
          {shown(char, t)}
        </span>
      ))}
      {offenders.length === 1
        ? t.meter.offender(offenders[0]!.code)
        : t.meter.offenders(Math.max(0, more), format.number(more))}
    </>
  )
}

function consequence(measured: Measure, t: Strings, number: (value: number) => string): string {
  if (measured.impossible) return t.meter.notEncodable
  const now = measured.segments.length
  const then = measured.withoutOffenders
  return now > then ? t.meter.cost(t.meter.segments(now, number(now)), number(then)) : t.meter.perSegment
}

function replaceText(changes: readonly { from: string; to: string }[], t: Strings): string {
  const [first] = changes
  if (changes.length !== 1 || !first || !first.to) return t.meter.replaceMany(changes.length)
  return t.meter.replace(shown(first.from, t), first.to)
}
