import { Anchor } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { routesQuery } from '../api/operate.ts'
import type { Carrier } from '../api/operate-types.ts'
import { RouteTable } from '../routes/RouteTable.tsx'
import { Answer, Card } from '../show/Page.tsx'
import { useSpeech } from '../strings/language.tsx'
import css from './Carrier.module.css'

/** Which messages are offered this carrier. */
export function ItsRoutes({ carrier }: { carrier: Carrier }) {
  const { t } = useSpeech()
  const query = useQuery({
    ...routesQuery,
    select: (routes) => routes.filter(({ carrier_id }) => carrier_id === carrier.id),
  })
  return (
    <Card
      title={t.carriers.routes}
      flush={Boolean(query.data?.length)}
      action={
        <Anchor component={Link} to="/routes" size="sm" underline="always">
          {t.carriers.routesAll}
        </Anchor>
      }
    >
      <Answer query={query}>
        {(routes) =>
          routes.length === 0 ? (
            <p className={css.quiet}>{t.carriers.routesNone}</p>
          ) : (
            <RouteTable routes={routes} label={t.carriers.routes} />
          )
        }
      </Answer>
    </Card>
  )
}
