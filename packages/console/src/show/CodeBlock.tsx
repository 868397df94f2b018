import type { ReactNode } from 'react'
import css from './CodeBlock.module.css'

/** Text for machines. It scrolls, so it takes the focus: a keyboard must reach all of it. */
export function CodeBlock({
  label,
  bare = false,
  children,
}: {
  label: string
  bare?: boolean
  children: ReactNode
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <section className={css.block} data-bare={bare || undefined} tabIndex={0} aria-label={label}>
      <pre className={css.code}>{children}</pre>
    </section>
  )
}
