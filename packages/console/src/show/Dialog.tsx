import { ActionIcon } from '@mantine/core'
import { type ReactNode, useEffect, useId, useRef } from 'react'
import { IconClear } from '../icons.ts'
import css from './Dialog.module.css'

interface DialogProps {
  opened: boolean
  onClose: () => void
  title: string
  /** The word of the button that closes it. */
  close: string
  /** At the right edge, as high as the screen. */
  side?: boolean
  children: ReactNode
}

/** The browser's own dialog: it keeps the focus within, closes by Escape and by a press beside it, and gives the focus back. */
export function Dialog({ opened, onClose, title, close, side = false, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const id = useId()
  useEffect(() => {
    if (opened) dialog.current?.showModal()
    else dialog.current?.close()
  }, [opened])
  return (
    <dialog
      ref={dialog}
      className={css.dialog}
      data-side={side || undefined}
      aria-labelledby={id}
      closedby="any"
      onClose={onClose}
    >
      {opened && (
        <>
          <div className={css.head}>
            <h2 id={id}>{title}</h2>
            <ActionIcon variant="subtle" color="gray" aria-label={close} onClick={onClose}>
              <IconClear size={18} />
            </ActionIcon>
          </div>
          <div className={css.body}>{children}</div>
        </>
      )}
    </dialog>
  )
}
