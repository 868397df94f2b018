import { useQuery } from '@tanstack/react-query'
import { Navigate, useLocation } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useMay } from '../api/access.ts'
import { infoQuery } from '../api/queries.ts'
import { CodeBlock } from '../show/CodeBlock.tsx'
import { Empty, Page } from '../show/Page.tsx'
import { useSpeech } from '../strings/language.tsx'
import { operatePages, peoplePages, servicePages, settingsPages } from './destinations.ts'

/** The key may not look into operation: the server says so for each call, and the console before. */
export function useLocked(): boolean {
  const { data: info } = useQuery(infoQuery)
  const { who } = useMay()
  return (info !== undefined && !info.scopes.includes('operate')) || who?.operator === false
}

/** What each room asks of a role. */
const rooms = [
  { href: '/messages', scope: 'messages:read', label: undefined },
  { href: '/inbox', scope: 'inbox', label: undefined },
  ...peoplePages,
  ...servicePages,
  ...settingsPages.filter(({ scope }) => scope !== 'me'),
] as const

/** A page, or why this key or role may not see it. */
export function Lockable({ children }: { children: ReactNode }) {
  const { t } = useSpeech()
  const locked = useLocked()
  const { who, may, mayChange } = useMay()
  const { pathname } = useLocation()
  const operate = operatePages.find(({ href }) => pathname.startsWith(href))
  if (locked && operate)
    return (
      <Page title={operate.label(t)}>
        <div className="sheet">
          <Empty
            title={who?.kind === 'user' ? t.access.locked.title : t.locked.title}
            text={who?.kind === 'user' ? t.access.locked.text : t.locked.text}
            curl={
              who?.kind === 'user' ? undefined : (
                <CodeBlock label={t.curl.label}>npx kurzpost key create --name console</CodeBlock>
              )
            }
          />
        </div>
      </Page>
    )
  if (!who) return children
  // Whoever may not send begins where the role has its work.
  if (pathname === '/' && !mayChange('messages:write'))
    return (
      <Navigate to={may('inbox') ? '/inbox' : may('messages:read') ? '/messages' : '/my-access'} replace />
    )
  const room = rooms.find(({ href }) => pathname.startsWith(href))
  if (!room || may(room.scope)) return children
  return (
    <Page title={room.label?.(t) ?? t.nav.messages}>
      <div className="sheet">
        <Empty title={t.access.locked.title} text={t.access.locked.text} />
      </div>
    </Page>
  )
}
