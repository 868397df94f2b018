import { UnstyledButton } from '@mantine/core'
import { type ReactNode, useId, useState } from 'react'
import { IconMore } from '../icons.ts'
import css from './Keywords.module.css'

/** What most leave as it is. It opens by itself where something in it is wrong. */
export function Fold({ title, faulty, children }: { title: string; faulty: boolean; children: ReactNode }) {
  const id = useId()
  const [opened, setOpened] = useState(false)
  const open = opened || faulty
  return (
    <div>
      <UnstyledButton
        className={css.toggle}
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpened(!open)}
      >
        <IconMore size={16} aria-hidden /> {title}
      </UnstyledButton>
      <div id={id}>{open && <div className={css.folded}>{children}</div>}</div>
    </div>
  )
}
