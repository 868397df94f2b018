import { Anchor } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { Carrier, Queue } from '../api/operate-types.ts'
import { Card } from '../show/Page.tsx'
import { useSpeech } from '../strings/language.tsx'
import css from './Queue.module.css'
import { type Reason, reasonsOf } from './reasons.ts'

/** What holds the queue up, in words, each with the page where something can be done. */
export function ReasonList({ queue, carriers }: { queue: Queue; carriers: readonly Carrier[] }) {
  const { t, format } = useSpeech()
  const words = t.queue.reasons
  const sentence = ({ code, carrier, count }: Reason): string => {
    const many = words.messages(count, format.number(count))
    if (code === 'noCarrier') return words.noCarrier
    if (code === 'noRoute' || code === 'uncertain') return words[code](many, count)
    return words[code](carrier?.name ?? '', words.wait(count, format.number(count)))
  }
  const reasons = reasonsOf(queue, carriers)
  const waits = queue.no_route > 0 || queue.lanes.some(({ ready }) => ready > 0)
  return (
    <Card title={t.queue.what}>
      {reasons.length === 0 ? (
        <p className={css.words}>{waits ? t.queue.flows : `${t.queue.nothing} ${t.queue.emptyText}`}</p>
      ) : (
        <ul className={css.reasons}>
          {reasons.map((reason) => (
            <li key={`${reason.code} ${reason.carrier?.id ?? ''}`}>
              {sentence(reason)}{' '}
              {reason.code === 'noRoute' && (
                <Anchor component={Link} to="/routes" underline="always">
                  {t.queue.toRoutes}
                </Anchor>
              )}
              {reason.code === 'noCarrier' && (
                <Anchor component={Link} to="/carriers/new" underline="always">
                  {t.carriers.add}
                </Anchor>
              )}
              {reason.carrier && (
                <Link to="/carriers/$id" params={{ id: reason.carrier.id }}>
                  {t.queue.toCarrier(reason.carrier.name)}
                </Link>
              )}
            </li>
          ))}
        </ul>
      )}
    </Card>
  )
}
