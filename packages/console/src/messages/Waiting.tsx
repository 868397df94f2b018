import { Anchor } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { Waiting } from '../api/types.ts'
import { IconWaiting } from '../icons.ts'
import { useSpeech } from '../strings/language.tsx'
import css from './DetailPage.module.css'

/** Why a message is not on its way yet: in our words where we have them, else in the server's. */
export function WaitingCard({
  waiting: { code, sentence, carrier, until },
  to,
}: {
  waiting: Waiting
  to: string
}) {
  const { t, format } = useSpeech()
  const words = t.waiting.byCode[code]?.(carrier ?? t.waiting.someCarrier) ?? sentence
  return (
    <section className={`sheet ${css.card} ${css.waiting}`} aria-label={t.waiting.title}>
      <h2>
        <IconWaiting size={18} aria-hidden /> {t.waiting.title}
      </h2>
      <p>
        {words.charAt(0).toUpperCase() + words.slice(1)}
        {until && ` ${t.waiting.until(format.moment(until))}`}
      </p>
      {code === 'no_route' ? (
        <Anchor component={Link} to={`/routes?to=${encodeURIComponent(to)}`} size="sm" underline="always">
          {t.waiting.toRoutes}
        </Anchor>
      ) : (
        <Anchor component={Link} to="/queue" size="sm" underline="always">
          {t.waiting.toQueue}
        </Anchor>
      )}
    </section>
  )
}
