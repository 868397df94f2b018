import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { invitationsQuery, type User, useMay, userPath, usersQuery } from '../api/access.ts'
import { Once } from '../settings/Once.tsx'
import { AddButton } from '../show/AddButton.tsx'
import { Find } from '../show/Find.tsx'
import { Listing } from '../show/Listing.tsx'
import { Answer, Card, Page } from '../show/Page.tsx'
import { Removal } from '../show/Removal.tsx'
import { RowMenu } from '../show/RowMenu.tsx'
import tableCss from '../show/Table.module.css'
import { type Column, Table } from '../show/Table.tsx'
import { useStill } from '../show/useStill.ts'
import { When } from '../show/When.tsx'
import { useSpeech } from '../strings/language.tsx'
import { Factors, Reset, RoleForm } from './Changes.tsx'
import { InvitationTable } from './InvitationTable.tsx'
import { InviteForm } from './InviteForm.tsx'
import type { Made } from './made.ts'

const route = getRouteApi('/users')

/** Who signs in to the account. The address holds what is open; a link is shown once and kept nowhere. */
export default function UsersPage() {
  const { t, format } = useSpeech()
  const words = t.access.users
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const { mayChange } = useMay()
  const query = useQuery(usersQuery)
  const invitations = useQuery(invitationsQuery)
  const [made, setMade] = useState<Made>()
  const close = useStill(() => void navigate({ search: {}, resetScroll: false }))
  const find = (id: string | undefined) => query.data?.find((user) => user.id === id)
  const [edited, reset, factors, removed] = [search.edit, search.reset, search.factors, search.remove].map(
    find,
  )
  const may = mayChange('users')
  const add = may && (
    <AddButton onClick={() => void navigate({ search: { edit: 'new' }, resetScroll: false })}>
      {words.invite}
    </AddButton>
  )
  return (
    <Page title={words.title} lead={words.lead} action={query.data?.length ? add : undefined}>
      {made && (
        <Once
          title={made.kind === 'invitation' ? words.link.invitation(made.who) : words.link.reset(made.who)}
          text={words.link.text}
          label={words.link.label}
          secret={made.link}
          note={words.link.until(format.moment(made.expires_at))}
          done={words.link.done}
          onDone={() => setMade(undefined)}
        />
      )}
      {may && search.edit === 'new' && <InviteForm onDone={close} onMade={setMade} />}
      {may && edited && <RoleForm key={edited.id} user={edited} onDone={close} />}
      {may && reset && <Reset key={reset.id} user={reset} onDone={close} onMade={setMade} />}
      {may && factors && <Factors key={factors.id} user={factors} onDone={close} />}
      {may && removed && (
        <Removal
          title={words.removeTitle(removed.name)}
          text={words.removeText(removed.name)}
          word={removed.email}
          act={words.removeYes}
          keep={words.cancel}
          path={userPath(removed.id)}
          stale={[usersQuery.queryKey]}
          onDone={close}
        />
      )}
      <Answer query={query}>
        {(users) => (
          <Listing
            label={words.title}
            rows={users}
            empty={
              search.edit !== 'new' && {
                title: words.emptyTitle,
                text: words.empty,
                action: add,
                curl: {
                  method: 'POST',
                  path: '/v1/invitations',
                  body: { email: 'ada@example.org', name: 'Ada', role: 'admin' },
                },
              }
            }
          >
            <Find
              rows={users}
              words={({ name, email, role }) => [name, email, t.access.roles[role]]}
              label={words.find}
              find={search.find}
              onFind={(find) =>
                void navigate({ search: find ? { find } : {}, replace: true, resetScroll: false })
              }
            >
              {(found) => <UserTable users={found} />}
            </Find>
          </Listing>
        )}
      </Answer>
      {invitations.data && invitations.data.length > 0 && (
        <Card title={words.open} flush>
          <InvitationTable invitations={invitations.data} />
        </Card>
      )}
    </Page>
  )
}

function UserTable({ users }: { users: readonly User[] }) {
  const { t, format } = useSpeech()
  const words = t.access.users
  const { who, mayChange } = useMay()
  const columns: Column<User>[] = [
    {
      head: words.columns.who,
      part: 'title',
      cell: ({ id, name, email }) => (
        <>
          <strong>
            {name}
            {id === who?.user?.id && ` (${words.you})`}
          </strong>
          <span className={tableCss.sub}>{email}</span>
        </>
      ),
    },
    {
      head: words.columns.role,
      cell: ({ role }) => (
        <>
          {t.access.roles[role]}
          <span className={tableCss.sub}>{t.access.meanings[role]}</span>
        </>
      ),
    },
    {
      head: words.columns.factors,
      cell: ({ has_totp, passkeys }) =>
        [has_totp && words.totp, passkeys > 0 && words.passkeys(format.number(passkeys))]
          .filter(Boolean)
          .join(', ') || words.none,
    },
    { head: words.columns.seen, cell: ({ seen_at }) => (seen_at ? <When at={seen_at} /> : words.never) },
    {
      head: words.columns.actions,
      part: 'actions',
      cell: ({ id, name, has_totp, passkeys }) => (
        <RowMenu
          word={words.change}
          label={words.changeName(name)}
          items={[
            { to: `/users?edit=${id}`, word: words.changeRole },
            { to: `/users?reset=${id}`, word: words.reset },
            ...(has_totp || passkeys > 0 ? [{ to: `/users?factors=${id}`, word: words.factors }] : []),
            { to: `/users?remove=${id}`, word: words.remove },
          ]}
        />
      ),
    },
  ]
  return (
    <Table
      label={words.title}
      columns={mayChange('users') ? columns : columns.slice(0, -1)}
      rows={users}
      rowKey={({ id }) => id}
    />
  )
}
