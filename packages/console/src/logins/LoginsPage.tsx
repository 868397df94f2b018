import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { useMay } from '../api/access.ts'
import { call } from '../api/client.ts'
import { loginPath, loginsQuery } from '../api/operate.ts'
import type { Login } from '../api/operate-types.ts'
import { AddButton } from '../show/AddButton.tsx'
import { Confirm } from '../show/Confirm.tsx'
import { Find } from '../show/Find.tsx'
import { Listing } from '../show/Listing.tsx'
import { Answer, Card, Page } from '../show/Page.tsx'
import { Removal } from '../show/Removal.tsx'
import { useStill } from '../show/useStill.ts'
import { useSpeech } from '../strings/language.tsx'
import { LoginForm } from './LoginForm.tsx'
import { LoginTable, stateOf } from './LoginTable.tsx'
import { OncePassword, type Shown } from './OncePassword.tsx'
import { Renew } from './Renew.tsx'

const route = getRouteApi('/smpp-logins')

/** Customers' systems that bind to us. The address holds what is open; a password is shown once and kept nowhere. */
export default function LoginsPage() {
  const { t } = useSpeech()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const query = useQuery(loginsQuery)
  const may = useMay().mayChange('operate')
  const [shown, setShown] = useState<Shown>()
  const close = useStill(() => void navigate({ search: {}, resetScroll: false }))
  const find = (id: string | undefined) => query.data?.find((login) => login.id === id)
  const [edited, renewed, disabled, removed] = [search.edit, search.renew, search.off, search.remove].map(
    find,
  )
  const add = may && (
    <AddButton onClick={() => void navigate({ search: { edit: 'new' }, resetScroll: false })}>
      {t.logins.add}
    </AddButton>
  )
  return (
    <Page title={t.logins.title} lead={t.logins.lead} action={query.data?.length ? add : undefined}>
      {shown && <OncePassword {...shown} onDone={() => setShown(undefined)} />}
      {may && (search.edit === 'new' || edited) && (
        <LoginForm key={search.edit} login={edited} onDone={close} onPassword={setShown} />
      )}
      {may && renewed && <Renew key={renewed.id} login={renewed} onDone={close} onPassword={setShown} />}
      {may && disabled && <Disable login={disabled} onDone={close} />}
      {may && removed && (
        <Removal
          title={t.logins.removeName(removed.system_id)}
          text={t.logins.removeSure(removed.system_id)}
          word={removed.system_id}
          act={t.logins.removeYes}
          keep={t.logins.keep}
          path={loginPath(removed.id)}
          stale={[loginsQuery.queryKey]}
          onDone={close}
        />
      )}
      <Answer query={query}>
        {(logins) => (
          <Listing
            label={t.logins.title}
            rows={logins}
            empty={
              search.edit !== 'new' && {
                title: t.logins.emptyTitle,
                text: t.logins.empty,
                action: add,
                curl: {
                  method: 'POST',
                  path: '/v1/smpp-logins',
                  body: { system_id: 'customer', name: 'First customer' },
                },
              }
            }
          >
            <Find
              rows={logins}
              words={(login) => [login.system_id, login.name, t.logins.states[stateOf(login)]]}
              label={t.logins.find}
              find={search.find}
              onFind={(find) =>
                void navigate({ search: find ? { find } : {}, replace: true, resetScroll: false })
              }
            >
              {(found) => <LoginTable logins={found} may={may} />}
            </Find>
          </Listing>
        )}
      </Answer>
    </Page>
  )
}

function Disable({ login, onDone }: { login: Login; onDone: () => void }) {
  const { t, format } = useSpeech()
  const client = useQueryClient()
  const change = useMutation({
    mutationFn: () =>
      call<Login>(loginPath(login.id), { method: 'PATCH', body: { enabled: !login.enabled } }),
    onSuccess: () => {
      onDone()
      return client.invalidateQueries({ queryKey: loginsQuery.queryKey })
    },
  })
  const act = login.enabled ? t.logins.disableName(login.system_id) : t.logins.enableName(login.system_id)
  return (
    <Card title={act}>
      <Confirm
        text={
          login.enabled
            ? t.logins.disableSure(login.system_id, format.number(login.sessions.length))
            : t.logins.enableSure(login.system_id)
        }
        act={act}
        keep={t.logins.keep}
        busy={change.isPending}
        error={change.error}
        onAct={() => change.mutate()}
        onKeep={onDone}
      />
    </Card>
  )
}
