import { Anchor } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useMay } from '../api/access.ts'
import { audiencesQuery } from '../api/contacts.ts'
import { AddButton } from '../show/AddButton.tsx'
import { Listing } from '../show/Listing.tsx'
import { Answer, Page } from '../show/Page.tsx'
import { Pager } from '../show/Pager.tsx'
import { Table } from '../show/Table.tsx'
import { When } from '../show/When.tsx'
import { Sign } from '../state/Sign.tsx'
import { useSpeech } from '../strings/language.tsx'
import { AudienceForm } from './AudienceForm.tsx'
import { audienceLooks } from './looks.ts'
import { OneAudience } from './OneAudience.tsx'

const route = getRouteApi('/audiences')

/** What was sent to many, one of them, or a new one: the address says which. */
export default function AudiencesPage() {
  const { t, format } = useSpeech()
  const words = t.people.audiences
  const { id, act, segment, list, before } = route.useSearch()
  const navigate = route.useNavigate()
  const { mayChange } = useMay()
  const query = useQuery({ ...audiencesQuery(before), placeholderData: keepPreviousData, enabled: !id })
  const may = mayChange('contacts') && mayChange('messages:write')
  const add = may && (
    <AddButton onClick={() => void navigate({ search: { act: 'new' } })}>{words.add}</AddButton>
  )
  if (id) return <OneAudience key={id} id={id} />
  if (may && act === 'new')
    return (
      <Page title={words.add} lead={words.lead}>
        <AudienceForm
          first={segment ?? list}
          onSent={(sent) => void navigate({ search: { id: sent } })}
          onLeave={() => void navigate({ search: {} })}
        />
      </Page>
    )
  return (
    <Page title={words.title} lead={words.lead} action={query.data?.data.length ? add : undefined}>
      <Answer query={query}>
        {({ data, next }) => (
          <>
            <Listing
              label={words.title}
              rows={data}
              empty={
                !before && {
                  title: words.emptyTitle,
                  text: words.empty,
                  action: add,
                  curl: {
                    title: words.curl,
                    method: 'POST',
                    path: '/v1/audiences/preview',
                    body: { definition: { all: [] }, text: 'Hallo {{first_name|zusammen}}!' },
                  },
                }
              }
            >
              <Table
                label={words.title}
                rows={data}
                rowKey={(audience) => audience.id}
                columns={[
                  {
                    head: words.columns.name,
                    part: 'title',
                    cell: (audience) => (
                      <Anchor component={Link} to={`/audiences?id=${audience.id}`} fw={560} underline="hover">
                        {audience.name}
                      </Anchor>
                    ),
                  },
                  {
                    head: words.columns.state,
                    cell: ({ state }) => <Sign look={audienceLooks[state]} word={words.states[state]} />,
                  },
                  {
                    head: words.columns.people,
                    numeric: true,
                    cell: ({ people }) => format.number(people),
                  },
                  {
                    head: words.columns.queued,
                    numeric: true,
                    cell: ({ queued }) => format.number(queued),
                  },
                  { head: words.columns.when, cell: ({ starts_at }) => <When at={starts_at} /> },
                ]}
              />
            </Listing>
            <Pager
              label={words.title}
              newest={before && { word: t.people.newest, go: () => void navigate({ search: {} }) }}
              next={next && { word: t.people.next, go: () => void navigate({ search: { before: next } }) }}
            />
          </>
        )}
      </Answer>
    </Page>
  )
}
