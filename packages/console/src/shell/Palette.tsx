import { UnstyledButton } from '@mantine/core'
import { useRouter } from '@tanstack/react-router'
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react'
import { useMay } from '../api/access.ts'
import { IconSearch } from '../icons.ts'
import { useSpeech } from '../strings/language.tsx'
import { type Destination, destinations } from './destinations.ts'
import css from './Palette.module.css'
import { scopeOf } from './rooms.ts'

const apple = /Mac|iPhone|iPad/.test(navigator.userAgent)

/** Ctrl/Cmd-K: every page by its name, a message by its id, a conversation by its number. */
export function Palette({ className }: { className: string | undefined }) {
  const { t } = useSpeech()
  const dialog = useRef<HTMLDialogElement>(null)
  const [open, setOpen] = useState(false)
  useEffect(() => {
    const onKeyDown = (event: globalThis.KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey) || event.altKey) return
      event.preventDefault()
      setOpen((was) => !was)
    }
    addEventListener('keydown', onKeyDown)
    return () => removeEventListener('keydown', onKeyDown)
  }, [])
  useEffect(() => {
    if (open) dialog.current?.showModal()
    else dialog.current?.close()
  }, [open])
  return (
    <>
      <UnstyledButton className={className} onClick={() => setOpen(true)}>
        <IconSearch size={20} aria-hidden />
        <span>{t.palette.open}</span>
        <kbd className={css.keys}>{apple ? '⌘K' : 'Ctrl K'}</kbd>
      </UnstyledButton>
      <dialog
        ref={dialog}
        className={css.dialog}
        aria-label={t.palette.open}
        closedby="any"
        onClose={() => setOpen(false)}
      >
        {open && <Finder onDone={() => setOpen(false)} />}
      </dialog>
    </>
  )
}

function Finder({ onDone }: { onDone: () => void }) {
  const { t } = useSpeech()
  const router = useRouter()
  const listId = useId()
  const [typed, setTyped] = useState('')
  const [chosen, setChosen] = useState(0)
  const { who, may } = useMay()
  const found = destinations(typed, t).filter(({ href }) => {
    const scope = scopeOf(href)
    // With a key, rooms that are shut say which scope it lacks.
    return who?.kind !== 'user' || scope === undefined || scope === 'me' || may(scope)
  })
  const go = ({ href }: Destination) => {
    onDone()
    if (href === '/docs') location.assign(href)
    else router.history.push(href)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const steps = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    const target = found[chosen]
    if (steps && found.length > 0) setChosen((chosen + steps + found.length) % found.length)
    else if (event.key === 'Enter' && target) go(target)
    else return
    event.preventDefault()
  }
  return (
    <>
      <input
        className={css.input}
        // biome-ignore lint/a11y/noAutofocus: the dialog was opened to type into it
        autoFocus
        role="combobox"
        aria-expanded
        aria-controls={listId}
        aria-activedescendant={found[chosen] && `${listId}-${chosen}`}
        aria-label={t.palette.open}
        placeholder={t.palette.placeholder}
        autoComplete="off"
        spellCheck={false}
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value)
          setChosen(0)
        }}
        onKeyDown={onKeyDown}
      />
      <div role="listbox" id={listId} className={css.list} aria-label={t.palette.open}>
        {found.map((destination, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the input's
          <div
            key={destination.href}
            id={`${listId}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === chosen}
            className={css.option}
            onClick={() => go(destination)}
            onMouseMove={() => setChosen(index)}
          >
            {destination.label}
          </div>
        ))}
      </div>
      {found.length === 0 && <p className={css.none}>{t.palette.none}</p>}
    </>
  )
}
