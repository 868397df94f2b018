import { Collapse, UnstyledButton } from '@mantine/core'
import { type ReactNode, useId, useState } from 'react'
import { IconMore } from '../icons.ts'
import css from './Fold.module.css'

interface FoldProps {
  title: string
  /** Open from the beginning. */
  open?: boolean
  /** Something in it is wrong: it opens by itself. */
  faulty?: boolean
  children: ReactNode
}

/** What most leave as it is. */
export function Fold({ title, open = false, faulty = false, children }: FoldProps) {
  const id = useId()
  const [opened, setOpened] = useState(open)
  const shown = opened || faulty
  return (
    <div>
      <UnstyledButton
        className={css.toggle}
        aria-expanded={shown}
        aria-controls={id}
        onClick={() => setOpened(!shown)}
      >
        {title} <IconMore size={16} aria-hidden />
      </UnstyledButton>
      <Collapse expanded={shown} id={id}>
        <div className={css.folded}>{children}</div>
      </Collapse>
    </div>
  )
}
