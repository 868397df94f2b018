import { Checkbox } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useMay } from '../api/access.ts'
import { call } from '../api/client.ts'
import { type Topic, topicPath, topicsQuery } from '../api/consent.ts'
import { AddButton } from '../show/AddButton.tsx'
import { Confirm } from '../show/Confirm.tsx'
import { Find } from '../show/Find.tsx'
import { Answer, Card, Empty, Page } from '../show/Page.tsx'
import { useStill } from '../show/useStill.ts'
import { useSpeech } from '../strings/language.tsx'
import css from './Consent.module.css'
import { StopCard } from './StopCard.tsx'
import { TopicForm } from './TopicForm.tsx'
import { TopicTable } from './TopicTable.tsx'

const route = getRouteApi('/topics')

/** What people can agree to. The address holds what is open. */
export default function TopicsPage() {
  const { t } = useSpeech()
  const words = t.consent.topics
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const query = useQuery(topicsQuery)
  const may = useMay().mayChange('consent')
  const shown = { ...(search.archived && { archived: search.archived }) }
  const close = useStill(() => void navigate({ search: shown, resetScroll: false }))
  const find = (id: string | undefined) => query.data?.find((topic) => topic.id === id)
  const [edited, archived] = [search.edit, search.archive].map(find)
  const add = may && (
    <AddButton onClick={() => void navigate({ search: { ...shown, edit: 'new' }, resetScroll: false })}>
      {words.add}
    </AddButton>
  )
  return (
    <Page title={words.title} lead={words.lead} action={query.data?.length ? add : undefined}>
      {may && (search.edit === 'new' || edited) && (
        <TopicForm key={search.edit} topic={edited} onDone={close} />
      )}
      {may && archived && <Archive topic={archived} onDone={close} />}
      <Answer query={query}>
        {(topics) => {
          if (topics.length === 0) return search.edit === 'new' ? null : <Nothing add={add} />
          const living = topics.filter(({ archived_at }) => search.archived || archived_at === null)
          return (
            <section className="sheet" aria-label={words.title}>
              {topics.some(({ archived_at }) => archived_at !== null) && (
                <div className={css.filters}>
                  <Checkbox
                    label={words.archived}
                    checked={search.archived === 'yes'}
                    onChange={(event) =>
                      void navigate({
                        search: event.currentTarget.checked ? { archived: 'yes' } : {},
                        replace: true,
                        resetScroll: false,
                      })
                    }
                  />
                </div>
              )}
              <Find
                rows={living}
                words={({ name, key, sender }) => [name, key, sender]}
                label={words.find}
                find={search.find}
                onFind={(find) =>
                  void navigate({
                    search: { ...shown, ...(find && { find }) },
                    replace: true,
                    resetScroll: false,
                  })
                }
              >
                {(found) => <TopicTable topics={found} may={may} />}
              </Find>
            </section>
          )
        }}
      </Answer>
      <StopCard
        open={search.edit === 'stop'}
        onOpen={() => void navigate({ search: { ...shown, edit: 'stop' }, resetScroll: false })}
        onDone={close}
      />
    </Page>
  )
}

function Nothing({ add }: { add: ReactNode }) {
  const { t } = useSpeech()
  const words = t.consent.topics
  return (
    <div className="sheet">
      <Empty
        title={words.emptyTitle}
        text={words.empty}
        action={add}
        curl={{
          title: words.curl,
          method: 'POST',
          path: '/v1/topics',
          body: { name: 'Angebote', key: 'werbung', kind: 'marketing', language: 'de' },
        }}
      />
    </div>
  )
}

function Archive({ topic, onDone }: { topic: Topic; onDone: () => void }) {
  const { t } = useSpeech()
  const words = t.consent.topics
  const client = useQueryClient()
  const gone = topic.archived_at !== null
  const change = useMutation({
    mutationFn: () => call<Topic>(topicPath(topic.id), { method: 'PATCH', body: { archived: !gone } }),
    onSuccess: () => {
      onDone()
      return client.invalidateQueries({ queryKey: topicsQuery.queryKey })
    },
  })
  return (
    <Card title={gone ? words.unarchiveTitle(topic.name) : words.archiveTitle(topic.name)}>
      <Confirm
        text={gone ? words.unarchiveSure(topic.name) : words.archiveSure(topic.name)}
        act={gone ? words.unarchiveYes : words.archiveYes}
        keep={words.keep}
        busy={change.isPending}
        error={change.error}
        onAct={() => change.mutate()}
        onKeep={onDone}
      />
    </Card>
  )
}
