import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useMay } from '../../api/access.ts'
import { topicsQuery } from '../../api/consent.ts'
import { type ConsentForm, formPath, formsPath, formsQuery } from '../../api/consent-forms.ts'
import { AddButton } from '../../show/AddButton.tsx'
import { Listing } from '../../show/Listing.tsx'
import { Answer, Page } from '../../show/Page.tsx'
import { Removal } from '../../show/Removal.tsx'
import { RowMenu } from '../../show/RowMenu.tsx'
import tableCss from '../../show/Table.module.css'
import { type Column, Table } from '../../show/Table.tsx'
import { useStill } from '../../show/useStill.ts'
import { useSpeech } from '../../strings/language.tsx'
import { FormForm } from './FormForm.tsx'

const route = getRouteApi('/sign-up-forms')

/** Pages on which people sign up by themselves. The address holds what is open. */
export default function FormsPage() {
  const { t } = useSpeech()
  const words = t.forms
  const { edit, remove } = route.useSearch()
  const navigate = route.useNavigate()
  const query = useQuery(formsQuery)
  const may = useMay().mayChange('consent')
  const { data: topics = [] } = useQuery(topicsQuery)
  const close = useStill(() => void navigate({ search: {}, resetScroll: false }))
  const find = (id: string | undefined) => query.data?.find((form) => form.id === id)
  const [edited, removed] = [find(edit), find(remove)]
  const living = topics.filter(({ archived_at }) => archived_at === null)
  const add = may && (
    <AddButton onClick={() => void navigate({ search: { edit: 'new' }, resetScroll: false })}>
      {words.add}
    </AddButton>
  )
  const example = { slug: 'newsletter', topics: [living[0]?.id ?? 'top_…'] }
  return (
    <Page title={words.title} lead={words.lead} action={query.data?.length ? add : undefined}>
      {may && (edit === 'new' || edited) && (
        <FormForm key={edit} form={edited} topics={living} onDone={close} />
      )}
      {may && removed && (
        <Removal
          title={words.removal.title(removed.slug)}
          text={words.removal.sure}
          word={removed.slug}
          act={words.removal.yes}
          keep={words.removal.keep}
          path={formPath(removed.id)}
          stale={[formsQuery.queryKey]}
          onDone={close}
        />
      )}
      <Answer query={query}>
        {(forms) => (
          <Listing
            label={words.title}
            rows={forms}
            empty={
              edit !== 'new' && {
                title: words.empty.title,
                text: words.empty.text,
                action: add,
                curl: { title: words.empty.curl, method: 'POST', path: formsPath, body: example },
              }
            }
          >
            <FormTable
              forms={forms}
              may={may}
              topicName={(id) => topics.find((topic) => topic.id === id)?.name ?? id}
            />
          </Listing>
        )}
      </Answer>
    </Page>
  )
}

function FormTable({
  forms,
  may,
  topicName,
}: {
  forms: readonly ConsentForm[]
  may: boolean
  topicName: (id: string) => string
}) {
  const { t } = useSpeech()
  const words = t.forms
  const columns: Column<ConsentForm>[] = [
    {
      head: words.columns.form,
      part: 'title',
      cell: ({ slug, url, enabled }) => (
        <>
          <a href={new URL(url).pathname} target="_blank" rel="noopener" title={words.open}>
            /f/{slug}
          </a>
          {!enabled && <span className={tableCss.sub}>{words.off}</span>}
        </>
      ),
    },
    { head: words.columns.topics, cell: ({ topics }) => topics.map(topicName).join(', ') },
    { head: words.columns.countries, cell: ({ countries }) => countries.join(', ') || words.anyCountry },
    {
      head: words.columns.act,
      part: 'actions',
      cell: ({ id, slug }) => (
        <RowMenu
          word={words.edit}
          label={words.editName(slug)}
          items={[
            { to: `/sign-up-forms?edit=${id}`, word: words.settings },
            { to: `/sign-up-forms?remove=${id}`, word: words.remove },
          ]}
        />
      ),
    },
  ]
  return (
    <Table
      label={words.title}
      columns={may ? columns : columns.slice(0, -1)}
      rows={forms}
      rowKey={({ id }) => id}
      muted={({ enabled }) => !enabled}
    />
  )
}
