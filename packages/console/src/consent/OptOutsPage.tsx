import { Button, NativeSelect } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useMay } from '../api/access.ts'
import type { How, OptOut, Topic } from '../api/consent.ts'
import { optOutsQuery, topicsQuery } from '../api/consent.ts'
import { useEvents } from '../api/live.tsx'
import { showNumber } from '../format/phone.ts'
import { IconUpload } from '../icons.ts'
import { Answer, Empty, Page } from '../show/Page.tsx'
import { Pager } from '../show/Pager.tsx'
import { RowMenu } from '../show/RowMenu.tsx'
import tableCss from '../show/Table.module.css'
import { type Column, Table } from '../show/Table.tsx'
import { useStill } from '../show/useStill.ts'
import { When } from '../show/When.tsx'
import { useSpeech } from '../strings/language.tsx'
import css from './Consent.module.css'
import { ImportForm } from './ImportForm.tsx'
import { type OptOutsSearch, reasons } from './search.ts'
import { aboutText } from './words.ts'

const route = getRouteApi('/opt-outs')

/** Who wants nothing any more, and why. The address holds filters and page. */
export default function OptOutsPage() {
  const { t, format } = useSpeech()
  const words = t.consent.optOuts
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const { act, ...filter } = search
  const query = useQuery({ ...optOutsQuery(filter), placeholderData: keepPreviousData })
  const { data: topics = [] } = useQuery(topicsQuery)
  // Further back nothing moves under the reader's eyes.
  useEvents((events) => {
    if (!filter.before && events.some(({ type }) => /^consent\.(withdrawn|restored)$/.test(type)))
      void query.refetch()
  })
  const may = useMay().mayChange('consent')
  const go = useStill((next: OptOutsSearch) => void navigate({ search: next, resetScroll: false }))
  const { before: _, ...first } = filter
  const filtered = Boolean(filter.how || filter.topic || filter.before)
  const add = may && (
    <Button leftSection={<IconUpload size={18} />} onClick={() => go({ ...filter, act: 'import' })}>
      {words.add}
    </Button>
  )
  const none = query.data?.data.length === 0
  return (
    <Page title={words.title} lead={words.lead} action={none && !filtered ? undefined : add}>
      {may && act === 'import' && <ImportForm topics={topics} onDone={() => go(filter)} />}
      <Answer query={query}>
        {({ data, next }) =>
          none && !filtered ? (
            act === 'import' ? null : (
              <div className="sheet">
                <Empty
                  title={words.emptyTitle}
                  text={words.empty}
                  action={add}
                  curl={{
                    title: words.curl,
                    method: 'POST',
                    path: '/v1/opt-outs/import',
                    body: ['+4915123456789'],
                  }}
                />
              </div>
            )
          ) : (
            <>
              <section className="sheet" aria-label={words.title} aria-busy={query.isPlaceholderData}>
                <Filters filter={filter} topics={topics} onChange={go} />
                {none ? (
                  <p className={css.filters}>{words.none}</p>
                ) : (
                  <OptOutTable optOuts={data} topics={topics} may={may} />
                )}
              </section>
              <Pager
                label={words.title}
                newest={filter.before && { word: words.newest, go: () => go(first) }}
                next={next && { word: words.next, go: () => go({ ...filter, before: next }) }}
              >
                <span>{words.shown(data.length, format.number(data.length))}</span>
              </Pager>
            </>
          )
        }
      </Answer>
    </Page>
  )
}

function Filters({
  filter,
  topics,
  onChange,
}: {
  filter: OptOutsSearch
  topics: readonly Topic[]
  onChange: (next: OptOutsSearch) => void
}) {
  const { t } = useSpeech()
  const words = t.consent.optOuts
  const { how, topic } = filter
  return (
    <search className={css.filters}>
      <NativeSelect
        size="sm"
        label={words.how}
        value={how ?? ''}
        onChange={(event) => {
          const value = event.currentTarget.value as How | ''
          onChange({ ...(value && { how: value }), ...(topic && { topic }) })
        }}
        data={[
          { value: '', label: words.any },
          ...reasons.map((value) => ({ value, label: t.consent.hows[value] })),
        ]}
      />
      <NativeSelect
        size="sm"
        label={words.topic}
        value={topic ?? ''}
        onChange={(event) => {
          const value = event.currentTarget.value
          onChange({ ...(how && { how }), ...(value && { topic: value }) })
        }}
        data={[
          { value: '', label: words.any },
          ...topics.map(({ id, name }) => ({ value: id, label: name })),
        ]}
      />
    </search>
  )
}

function OptOutTable({
  optOuts,
  topics,
  may,
}: {
  optOuts: readonly OptOut[]
  topics: readonly Topic[]
  may: boolean
}) {
  const { t } = useSpeech()
  const words = t.consent.optOuts
  const columns: Column<OptOut>[] = [
    {
      head: words.columns.number,
      part: 'title',
      cell: ({ number }) => (
        <strong className="number">{number ? showNumber(number) : words.unknownNumber}</strong>
      ),
    },
    { head: words.columns.about, cell: (row) => aboutText(row, topics, t) },
    {
      head: words.columns.reason,
      cell: ({ how, word, via, note }) => (
        <>
          {words.reason[how](word ?? 'STOP', via ? showNumber(via) : '')}
          {note && <span className={tableCss.sub}>{note}</span>}
        </>
      ),
    },
    { head: words.columns.since, cell: ({ since }) => <When at={since} /> },
    {
      head: words.columns.act,
      part: 'actions',
      cell: ({ number, topic, sender }) => {
        // A number that is hidden cannot be looked up.
        if (!number || number.includes('•')) return null
        const about = { ...(topic && { topic }), ...(sender && { sender }) }
        return (
          <RowMenu
            word={words.columns.act}
            label={words.actName(showNumber(number))}
            items={[
              { to: `/consent?${new URLSearchParams({ number })}`, word: words.open },
              ...(may
                ? [
                    {
                      to: `/consent?${new URLSearchParams({ number, say: 'restore', ...about })}`,
                      word: words.restore,
                    },
                  ]
                : []),
            ]}
          />
        )
      },
    },
  ]
  return <Table label={words.title} columns={columns} rows={optOuts} rowKey={({ seq }) => seq} />
}
