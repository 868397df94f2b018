import { Checkbox, Stack, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { type Key, keysQuery, useMay } from '../api/access.ts'
import { call } from '../api/client.ts'
import css from '../logins/Logins.module.css'
import { AddButton } from '../show/AddButton.tsx'
import { Find } from '../show/Find.tsx'
import { FormActs } from '../show/FormActs.tsx'
import { Listing } from '../show/Listing.tsx'
import { Answer, Card, Page } from '../show/Page.tsx'
import { Problem } from '../show/Problem.tsx'
import { Removal } from '../show/Removal.tsx'
import { RowMenu } from '../show/RowMenu.tsx'
import tableCss from '../show/Table.module.css'
import { type Column, Table } from '../show/Table.tsx'
import { useStill } from '../show/useStill.ts'
import { When } from '../show/When.tsx'
import { useSpeech } from '../strings/language.tsx'
import { Once } from './Once.tsx'

const route = getRouteApi('/keys')

/** What programs come in with. A key is shown once. */
export default function KeysPage() {
  const { t } = useSpeech()
  const words = t.access.keys
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const { may: has, mayChange } = useMay()
  const query = useQuery(keysQuery)
  const [made, setMade] = useState<{ name: string; key: string }>()
  const close = useStill(() => void navigate({ search: {}, resetScroll: false }))
  const may = mayChange('keys')
  // As the server has it: nobody takes away what may do more than they may.
  const mayRevoke = ({ scopes, revoked_at }: Key) => may && !revoked_at && scopes.every(has)
  const revoked = query.data?.find((key) => key.id === search.revoke && mayRevoke(key))
  const add = may && (
    <AddButton onClick={() => void navigate({ search: { edit: 'new' }, resetScroll: false })}>
      {words.add}
    </AddButton>
  )
  return (
    <Page title={words.title} lead={words.lead} action={query.data?.length ? add : undefined}>
      {made && (
        <Once
          title={words.once.title(made.name)}
          text={words.once.text}
          label={words.once.label}
          secret={made.key}
          done={words.once.done}
          onDone={() => setMade(undefined)}
        />
      )}
      {may && search.edit === 'new' && <KeyForm onDone={close} onMade={setMade} />}
      {revoked && (
        <Removal
          title={words.revokeName(revoked.name)}
          text={words.revokeText(revoked.name)}
          word={revoked.name}
          act={words.revokeYes}
          keep={words.keep}
          path={`/v1/keys/${revoked.id}`}
          stale={[keysQuery.queryKey]}
          onDone={close}
        />
      )}
      <Answer query={query}>
        {(keys) => (
          <Listing
            label={words.title}
            rows={keys}
            empty={
              search.edit !== 'new' && {
                title: words.emptyTitle,
                text: words.empty,
                action: add,
                curl: {
                  method: 'POST',
                  path: '/v1/keys',
                  body: { name: 'shop', scopes: ['messages:write'] },
                },
              }
            }
          >
            <Find
              rows={keys}
              words={({ name, scopes, revoked_at }) => [
                name,
                ...scopes,
                revoked_at ? words.revoked : words.live,
              ]}
              label={words.find}
              find={search.find}
              onFind={(find) =>
                void navigate({ search: find ? { find } : {}, replace: true, resetScroll: false })
              }
            >
              {(found) => <KeyTable keys={found} may={may} mayRevoke={mayRevoke} />}
            </Find>
          </Listing>
        )}
      </Answer>
    </Page>
  )
}

function KeyTable({
  keys,
  may,
  mayRevoke,
}: {
  keys: readonly Key[]
  may: boolean
  mayRevoke: (key: Key) => boolean
}) {
  const { t } = useSpeech()
  const words = t.access.keys
  const all = Object.keys(words.scopes).length
  const columns: Column<Key>[] = [
    {
      head: words.columns.name,
      part: 'title',
      cell: ({ name, hint }) => (
        <>
          <strong>{name}</strong>
          <span className={`${tableCss.sub} mono`}>…{hint}</span>
        </>
      ),
    },
    {
      head: words.columns.scopes,
      part: 'wide',
      cell: ({ scopes }) =>
        scopes.length >= all ? words.all : <span className="mono">{scopes.join(' ')}</span>,
    },
    { head: words.columns.since, cell: ({ created_at }) => <When at={created_at} /> },
    {
      head: words.columns.state,
      cell: ({ revoked_at }) =>
        revoked_at ? (
          <>
            {words.revoked}
            <span className={tableCss.sub}>
              <When at={revoked_at} />
            </span>
          </>
        ) : (
          words.live
        ),
    },
    {
      head: words.columns.actions,
      part: 'actions',
      cell: (key) =>
        mayRevoke(key) && (
          <RowMenu
            word={t.access.users.change}
            label={t.access.users.changeName(key.name)}
            items={[{ to: `/keys?revoke=${key.id}`, word: words.revoke }]}
          />
        ),
    },
  ]
  return (
    <Table
      label={words.title}
      columns={may ? columns : columns.slice(0, -1)}
      rows={keys}
      rowKey={({ id }) => id}
      muted={({ revoked_at }) => revoked_at !== null}
    />
  )
}

function KeyForm({
  onDone,
  onMade,
}: {
  onDone: () => void
  onMade: (made: { name: string; key: string }) => void
}) {
  const { t } = useSpeech()
  const words = t.access.keys.form
  const { who } = useMay()
  const client = useQueryClient()
  const [name, setName] = useState('')
  const [scopes, setScopes] = useState<string[]>(['messages:write', 'messages:read'])
  const [tried, setTried] = useState(false)
  const make = useMutation({
    mutationFn: () =>
      call<{ name: string; key: string }>('/v1/keys', { method: 'POST', body: { name, scopes } }),
    onSuccess: (made) => {
      onMade(made)
      onDone()
      return client.invalidateQueries({ queryKey: keysQuery.queryKey })
    },
  })
  return (
    <Card title={words.title}>
      <form
        className={css.form}
        noValidate
        onSubmit={(event: FormEvent) => {
          event.preventDefault()
          setTried(true)
          if (name.trim() && scopes.length > 0 && !make.isPending) make.mutate()
        }}
      >
        <TextInput
          label={words.name}
          description={words.nameHint}
          style={{ maxWidth: '30em' }}
          maxLength={100}
          autoComplete="off"
          autoFocus
          value={name}
          error={tried && !name.trim() ? words.missing : undefined}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Checkbox.Group
          label={words.scopes}
          value={scopes}
          onChange={setScopes}
          error={tried && scopes.length === 0 ? words.none : undefined}
        >
          <Stack gap={8} mt={8}>
            {Object.entries(t.access.keys.scopes)
              // A key can hand on only what its maker may do.
              .filter(([scope]) => who?.scopes.includes(scope))
              .map(([scope, meaning]) => (
                <Checkbox key={scope} value={scope} label={meaning} />
              ))}
          </Stack>
        </Checkbox.Group>
        {make.error && <Problem error={make.error} onRetry={() => make.mutate()} />}
        <FormActs save={words.create} cancel={words.cancel} busy={make.isPending} onCancel={onDone} />
      </form>
    </Card>
  )
}
