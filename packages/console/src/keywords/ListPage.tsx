import { Anchor, Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useMay } from '../api/access.ts'
import { type Service, servicesPath, servicesQuery, statsDays, statsQuery } from '../api/keywords.ts'
import { IconAdd } from '../icons.ts'
import { Find } from '../show/Find.tsx'
import { Answer, Empty, Page } from '../show/Page.tsx'
import { Table } from '../show/Table.tsx'
import { Sign } from '../state/Sign.tsx'
import { useSpeech } from '../strings/language.tsx'
import { usesOf } from './days.ts'
import css from './Keywords.module.css'
import { Numbers } from './Numbers.tsx'
import { stateLooks, stateOf } from './state.ts'
import { TryPhone } from './TryPhone.tsx'
import { UnknownWords, Uses } from './Uses.tsx'

const route = getRouteApi('/keywords')

/** All services, how often they are asked, and a phone to ask them. */
export default function ListPage() {
  const { t } = useSpeech()
  const { find } = route.useSearch()
  const navigate = route.useNavigate()
  const query = useQuery(servicesQuery)
  const may = useMay().mayChange('keywords')
  const add = may && (
    <Button component={Link} to="/keywords/new" leftSection={<IconAdd size={18} />}>
      {t.keywords.add}
    </Button>
  )
  return (
    <Page title={t.keywords.title} lead={t.keywords.lead} action={query.data?.length ? add : undefined}>
      <Answer query={query}>
        {(services) =>
          services.length === 0 ? (
            <div className="sheet">
              <Empty
                title={t.keywords.emptyTitle}
                text={t.keywords.empty}
                action={add}
                curl={{
                  method: 'POST',
                  path: servicesPath,
                  body: {
                    name: 'Opening hours',
                    kind: 'template',
                    keywords: [{ word: 'HOURS' }],
                    texts: { answer: { en: 'Monday to Friday, 9 to 18.' } },
                  },
                }}
              />
            </div>
          ) : (
            <div className={css.room}>
              <div className={css.main}>
                <section className="sheet" aria-label={t.keywords.title}>
                  <Find
                    rows={services}
                    words={(each) => [
                      each.name,
                      ...each.keywords.map(({ word }) => word),
                      ...(each.numbers ?? []),
                    ]}
                    label={t.keywords.find}
                    find={find}
                    onFind={(words) =>
                      void navigate({
                        search: words ? { find: words } : {},
                        replace: true,
                        resetScroll: false,
                      })
                    }
                  >
                    {(found) => <Services services={found} />}
                  </Find>
                </section>
                <Uses />
                <UnknownWords />
                <Numbers />
              </div>
              <div className={css.side}>
                <TryPhone />
              </div>
            </div>
          )
        }
      </Answer>
    </Page>
  )
}

function Services({ services }: { services: readonly Service[] }) {
  const { t, format } = useSpeech()
  const { columns } = t.keywords
  const { data: stats } = useQuery(statsQuery())
  const uses = usesOf(stats?.data ?? [])
  return (
    <Table
      label={t.keywords.title}
      rows={services}
      rowKey={({ id }) => id}
      muted={({ enabled }) => !enabled}
      columns={[
        {
          head: columns.name,
          part: 'title',
          cell: ({ id, name }) => (
            <Anchor component={Link} to={`/keywords/${id}`} fw={560} underline="hover">
              {name}
            </Anchor>
          ),
        },
        {
          head: columns.words,
          cell: ({ keywords }) => (
            <span className={css.words}>
              {keywords.map(({ word }) => (
                <span key={word} className={css.word}>
                  {word}
                </span>
              ))}
            </span>
          ),
        },
        { head: columns.kind, cell: ({ kind }) => t.keywords.kinds[kind] },
        {
          head: columns.numbers,
          cell: ({ numbers }) =>
            numbers ? (
              <span className={`number ${css.numbers}`}>{format.list(numbers)}</span>
            ) : (
              t.keywords.allNumbers
            ),
        },
        {
          head: columns.uses(format.number(statsDays)),
          numeric: true,
          cell: ({ id }) => format.number(uses.get(id) ?? 0),
        },
        {
          head: columns.state,
          cell: (service) => {
            const state = stateOf(service)
            return <Sign look={stateLooks[state]} word={t.keywords.states[state]} />
          },
        },
      ]}
    />
  )
}
