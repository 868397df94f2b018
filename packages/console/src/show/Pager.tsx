import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import css from './Pager.module.css'

/** A way on; there is none where it is anything but that. */
type Way = { word: string; go: () => void } | false | '' | null | undefined

interface PagerProps {
  label: string
  /** How many are shown, and the like. */
  children?: ReactNode
  /** To the beginning, where that is not what is shown. */
  newest?: Way
  /** Further back, as long as there is more. */
  next?: Way
}

/** Below a page of a long list: the way on, and back to the beginning. */
export function Pager({ label, children, newest, next }: PagerProps) {
  if (!children && !newest && !next) return null
  return (
    <nav className={css.foot} aria-label={label}>
      {children}
      {[newest, next].map(
        (way) =>
          way && (
            <Button key={way.word} variant="default" size="sm" onClick={way.go}>
              {way.word}
            </Button>
          ),
      )}
    </nav>
  )
}
