import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useMay } from '../api/access.ts'
import { carriersQuery, routesQuery } from '../api/operate.ts'
import { IconAdd } from '../icons.ts'
import { Find } from '../show/Find.tsx'
import { Listing } from '../show/Listing.tsx'
import { Answer, Page } from '../show/Page.tsx'
import { Removal } from '../show/Removal.tsx'
import { useStill } from '../show/useStill.ts'
import { useSpeech } from '../strings/language.tsx'
import { Explain } from './Explain.tsx'
import { Limits } from './Limits.tsx'
import { RouteForm } from './RouteForm.tsx'
import { RouteTable, routeWords } from './RouteTable.tsx'

const route = getRouteApi('/routes')

/** Routes as they are ranked, what they mean for one number, and the limits. The address holds what is open. */
export default function RoutesPage() {
  const { t } = useSpeech()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const query = useQuery(routesQuery)
  const may = useMay().mayChange('operate')
  const carriers = useQuery({ ...carriersQuery, refetchInterval: false }).data
  const open = useStill(
    (edit: string | undefined, remove?: string) =>
      void navigate({
        search: ({ to, from, lane, find }) => ({
          ...(to ? { to } : {}),
          ...(from ? { from } : {}),
          ...(lane ? { lane } : {}),
          ...(find ? { find } : {}),
          ...(edit ? { edit } : {}),
          ...(remove ? { remove } : {}),
        }),
        resetScroll: false,
      }),
  )
  const edited = query.data?.find(({ id }) => id === search.edit)
  const removed = query.data?.find(({ id }) => id === search.remove)
  const showForm = may && carriers && (search.edit === 'new' || edited)
  const add = may && (
    <Button leftSection={<IconAdd size={18} />} onClick={() => open('new')} aria-disabled={!carriers?.length}>
      {t.routes.add}
    </Button>
  )
  return (
    <Page title={t.routes.title} lead={t.routes.lead} action={query.data?.length ? add : undefined}>
      {showForm && (
        <RouteForm key={search.edit} route={edited} carriers={carriers} onDone={() => open(undefined)} />
      )}
      {may && removed && (
        <Removal
          title={t.routes.removeYes}
          text={t.routes.removeSure(routeWords(removed, t))}
          word={removed.carrier}
          act={t.routes.removeYes}
          keep={t.carriers.keep}
          path={`/v1/routes/${encodeURIComponent(removed.id)}`}
          stale={[['routes']]}
          onDone={() => open(undefined)}
        />
      )}
      <Answer query={query}>
        {(routes) => (
          <Listing
            label={t.routes.title}
            rows={routes}
            empty={
              !showForm && {
                title: t.routes.emptyTitle,
                text: carriers?.length === 0 ? `${t.routes.empty} ${t.routes.needCarrier}` : t.routes.empty,
                action:
                  may && carriers?.length === 0 ? (
                    <Button component={Link} to="/carriers/new">
                      {t.carriers.add}
                    </Button>
                  ) : (
                    add
                  ),
                curl: carriers?.[0] && {
                  method: 'POST',
                  path: '/v1/routes',
                  body: { carrier_id: carriers[0].id, prefix: '+49' },
                },
              }
            }
          >
            <Find
              rows={routes}
              words={(each) => [routeWords(each, t), each.enabled ? t.routes.on : t.routes.off]}
              label={t.routes.find}
              find={search.find}
              onFind={(find) =>
                void navigate({
                  search: ({ find: _, ...rest }) => (find ? { ...rest, find } : rest),
                  replace: true,
                  resetScroll: false,
                })
              }
            >
              {(found) => (
                <RouteTable
                  label={t.routes.title}
                  routes={found}
                  actions={
                    may &&
                    ((each) => (
                      <span style={{ display: 'inline-flex', gap: 6 }}>
                        <Button
                          variant="default"
                          size="compact-sm"
                          aria-label={t.routes.editName(routeWords(each, t))}
                          onClick={() => open(each.id)}
                        >
                          {t.routes.edit}
                        </Button>
                        <Button
                          variant="default"
                          size="compact-sm"
                          aria-label={t.routes.removeName(routeWords(each, t))}
                          onClick={() => open(undefined, each.id)}
                        >
                          {t.routes.remove}
                        </Button>
                      </span>
                    ))
                  }
                />
              )}
            </Find>
          </Listing>
        )}
      </Answer>
      <Explain />
      <Limits />
    </Page>
  )
}
