import { useQuery } from '@tanstack/react-query'
import { Navigate, useLocation, useRouterState } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useMay, whoQuery } from '../api/access.ts'
import { infoQuery } from '../api/queries.ts'
import { useSession } from '../api/session.ts'
import { CodeBlock } from '../show/CodeBlock.tsx'
import { Empty, Page } from '../show/Page.tsx'
import { useSpeech } from '../strings/language.tsx'
import { operatePages, peoplePages, servicePages, settingsPages } from './destinations.ts'
import { scopeOf } from './rooms.ts'

/** The key may not look into operation: the server says so for each call, and the console before. */
export function useLocked(): boolean {
  const { data: info } = useQuery(infoQuery)
  const { who } = useMay()
  return (info !== undefined && !info.scopes.includes('operate')) || who?.operator === false
}

/** Rooms in which something is made, and nothing else can be done. */
const makingPages = ['/carriers/new', '/keywords/new', '/people/import']

/** Rooms and what they are called, for the sentence that they are shut. */
const named = [...peoplePages, ...servicePages, ...operatePages, ...settingsPages]

/** A page, or why this key or role may not see it. */
export function Lockable({ children }: { children: ReactNode }) {
  const { t } = useSpeech()
  const locked = useLocked()
  const { who, may, mayChange } = useMay()
  const { isFetching } = useQuery(whoQuery)
  const { key } = useSession()
  const { pathname } = useLocation()
  // The page that stands: until the next one is loaded it is still the last.
  const standing = useRouterState({
    select: ({ resolvedLocation, location }) => (resolvedLocation ?? location).pathname,
  })
  const operate = operatePages.find(({ href }) => pathname.startsWith(href))
  if (locked && operate)
    return (
      <Page title={operate.label(t)}>
        <div className="sheet">
          <Empty
            title={who?.kind === 'user' ? t.access.locked.title : t.locked.title}
            text={who?.kind === 'user' ? t.access.locked.text : t.locked.text}
            action={
              who?.kind === 'user' ? undefined : (
                <CodeBlock label={t.curl.label}>npx kurzpost key create --name console</CodeBlock>
              )
            }
          />
        </div>
      </Page>
    )
  // A role is known within one answer: until then nothing is asked for that would be refused.
  if (!who) return isFetching && !key ? null : children
  // Whoever may not send begins where the role has its work.
  if (pathname === '/' && !mayChange('messages:write'))
    return (
      <Navigate to={may('inbox') ? '/inbox' : may('messages:read') ? '/messages' : '/my-access'} replace />
    )
  if (standing === '/' && !mayChange('messages:write')) return null
  const scope = scopeOf(pathname)
  if (pathname === '/' || scope === undefined || scope === 'me') return children
  const making = makingPages.includes(pathname)
  if (making ? mayChange(scope) : may(scope)) return children
  const title = named.find(({ href }) => pathname.startsWith(href))?.label(t) ?? t.nav.messages
  return (
    <Page title={title}>
      <div className="sheet">
        <Empty title={t.access.locked.title} text={t.access.locked.text} />
      </div>
    </Page>
  )
}
