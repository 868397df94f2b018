import { Anchor, Skeleton } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import { Link, type LinkProps } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { IconBack } from '../icons.ts'
import css from './Page.module.css'
import { Problem } from './Problem.tsx'
import { useTitle } from './useTitle.ts'

interface PageProps {
  title: string
  /** What this page is for, in a sentence. */
  lead?: ReactNode
  /** The one thing that people come to do. */
  action?: ReactNode
  narrow?: boolean
  children: ReactNode
}

/** A page of operation: what it is called, what it is for, what can be done. */
export function Page({ title, lead, action, narrow = false, children }: PageProps) {
  useTitle(title)
  return (
    <div className={css.page} data-narrow={narrow || undefined}>
      <header className={css.head}>
        <div className={css.words}>
          <h1>{title}</h1>
          {lead && <p>{lead}</p>}
        </div>
        {action}
      </header>
      {children}
    </div>
  )
}

export function Back({ to, children }: { to: LinkProps['to']; children: ReactNode }) {
  return (
    <Anchor component={Link} to={to as string} className={css.back} underline="hover">
      <IconBack size={16} aria-hidden /> {children}
    </Anchor>
  )
}

interface CardProps {
  title: string
  note?: ReactNode
  action?: ReactNode
  /** For tables, which reach from edge to edge. */
  flush?: boolean
  children: ReactNode
}

/** A sheet of paper with a heading. */
export function Card({ title, note, action, flush = false, children }: CardProps) {
  return (
    <section className={`sheet ${css.card}`} data-flush={flush || undefined} aria-label={title}>
      <div className={css.cardHead}>
        <h2>{title}</h2>
        {action}
        {note && <p>{note}</p>}
      </div>
      {children}
    </section>
  )
}

/** Nothing there yet: one sentence, one button, one command that works as pasted. */
export function Empty({
  title,
  text,
  action,
  curl,
}: {
  title: string
  text: string
  action?: ReactNode
  curl?: ReactNode
}) {
  return (
    <div className={css.empty}>
      <h2>{title}</h2>
      <p>{text}</p>
      {action}
      {curl}
    </div>
  )
}

/** What was asked for, once it is there. A failure stays beside what is known already, with the way to ask again. */
export function Answer<T>({
  query,
  children,
}: {
  query: UseQueryResult<T>
  children: (data: T) => ReactNode
}) {
  const { data, error, refetch } = query
  return (
    <>
      {error && <Problem error={error} onRetry={() => void refetch()} />}
      {data !== undefined ? children(data) : !error && <Skeleton height={160} radius="lg" />}
    </>
  )
}
