import { useQuery } from '@tanstack/react-query'
import { useLocation } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { infoQuery } from '../api/queries.ts'
import { CodeBlock } from '../show/CodeBlock.tsx'
import { Empty, Page } from '../show/Page.tsx'
import { useSpeech } from '../strings/language.tsx'
import { operatePages } from './destinations.ts'

/** The key may not look into operation: the server says so for each call, and the console before. */
export function useLocked(): boolean {
  const { data: info } = useQuery(infoQuery)
  return info !== undefined && !info.scopes.includes('operate')
}

/** A page, or why this key may not see it. */
export function Lockable({ children }: { children: ReactNode }) {
  const { t } = useSpeech()
  const locked = useLocked()
  const { pathname } = useLocation()
  const page = operatePages.find(({ href }) => pathname.startsWith(href))
  if (!locked || !page) return children
  return (
    <Page title={page.label(t)}>
      <div className="sheet">
        <Empty
          title={t.locked.title}
          text={t.locked.text}
          curl={<CodeBlock label={t.curl.label}>npx kurzpost key create --name console</CodeBlock>}
        />
      </div>
    </Page>
  )
}
