import { Anchor } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { Waiting } from '../api/types.ts'
import { IconWaiting } from '../icons.ts'
import { Card } from '../show/Page.tsx'
import { useSpeech } from '../strings/language.tsx'
import css from './DetailPage.module.css'
import { whyWaiting } from './why.ts'

/** Why a message is not on its way yet, and the page where something can be done about it. */
export function WaitingCard({ waiting, to }: { waiting: Waiting; to: string }) {
  const { t, format } = useSpeech()
  const href = waiting.code === 'no_route' ? `/routes?to=${encodeURIComponent(to)}` : '/queue'
  return (
    <Card title={t.waiting.title} icon={IconWaiting} mark="waiting">
      <p className={css.why}>
        {whyWaiting(waiting, t, format)}
        {waiting.until && (
          <>
            {' '}
            <time dateTime={waiting.until} title={format.full(waiting.until)}>
              {t.waiting.until(format.moment(waiting.until))}
            </time>
          </>
        )}
      </p>
      <Anchor component={Link} to={href} size="sm" underline="always">
        {waiting.code === 'no_route' ? t.waiting.toRoutes : t.waiting.toQueue}
      </Anchor>
    </Card>
  )
}
