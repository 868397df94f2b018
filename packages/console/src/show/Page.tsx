import { Anchor, Skeleton } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import { Link, type LinkProps } from '@tanstack/react-router'
import type { ComponentType, ReactNode } from 'react'
import { IconBack } from '../icons.ts'
import type { Look } from '../state/look.ts'
import { lookStyle } from '../state/Sign.tsx'
import { Curl, type CurlProps } from './Curl.tsx'
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
  back?: ReactNode
  children: ReactNode
}

/** A page of operation: what it is called, what it is for, what can be done. */
export function Page({ title, lead, action, narrow = false, back, children }: PageProps) {
  useTitle(title)
  return (
    <div className={css.page} data-narrow={narrow || undefined}>
      {back}
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

interface ItemProps {
  /** The list that it stands in. */
  back: ReactNode
  narrow?: boolean
  children: ReactNode
}

/** The page of one thing. */
export function ItemPage({ back, narrow = false, children }: ItemProps) {
  return (
    <div className={css.page} data-narrow={narrow || undefined}>
      {back}
      {children}
    </div>
  )
}

/** How a thing is, in a sentence, and below it what comes next and what can be done. */
export function Lead({ sign, title, children }: { sign?: ReactNode; title: string; children: ReactNode }) {
  return (
    <header className={css.lead}>
      {sign}
      <h1>{title}</h1>
      {children}
    </header>
  )
}

export function Next({ children }: { children: ReactNode }) {
  return <p className={css.next}>{children}</p>
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
  icon?: ComponentType<{ size?: number; 'aria-hidden'?: boolean }>
  /** A stripe in the colour of a state. */
  mark?: Look
  /** For tables, which reach from edge to edge. */
  flush?: boolean
  children: ReactNode
}

/** A sheet of paper with a heading. */
export function Card({ title, note, action, icon: Icon, mark, flush = false, children }: CardProps) {
  return (
    <section
      className={`sheet ${css.card}`}
      data-flush={flush || undefined}
      data-marked={mark !== undefined || undefined}
      style={mark && lookStyle(mark)}
      aria-label={title}
    >
      <div className={css.cardHead}>
        <h2>
          {Icon && <Icon size={18} aria-hidden />}
          {title}
        </h2>
        {action}
        {note && <p>{note}</p>}
      </div>
      {children}
    </section>
  )
}

export interface EmptyProps {
  title: string
  text: string
  action?: ReactNode
  curl?: CurlProps | undefined
}

/** Nothing there yet: one sentence, one button, one command that works as pasted. */
export function Empty({ title, text, action, curl }: EmptyProps) {
  return (
    <div className={css.empty}>
      <h2>{title}</h2>
      <p>{text}</p>
      {action}
      {curl && <Curl {...curl} />}
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
