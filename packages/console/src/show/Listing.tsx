import type { ReactNode } from 'react'
import { Empty, type EmptyProps } from './Page.tsx'

interface ListingProps {
  label: string
  rows: readonly unknown[]
  /** What stands there while there is none; nothing where the form for the first one is open. */
  empty: EmptyProps | false
  children: ReactNode
}

/** A sheet with what there is; while there is nothing, with what it would be good for. */
export function Listing({ label, rows, empty, children }: ListingProps) {
  if (rows.length === 0)
    return empty ? (
      <div className="sheet">
        <Empty {...empty} />
      </div>
    ) : null
  return (
    <section className="sheet" aria-label={label}>
      {children}
    </section>
  )
}
