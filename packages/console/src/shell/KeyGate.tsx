import { Button, PasswordInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { enterWithKey, useSession } from '../api/session.ts'
import { useTitle } from '../show/useTitle.ts'
import { useSpeech } from '../strings/language.tsx'
import css from './KeyGate.module.css'
import { SettingsMenu } from './SettingsMenu.tsx'

/** The door: says where a key comes from, and takes one. */
export function KeyGate() {
  const { t } = useSpeech()
  useTitle(t.titles.key)
  const { refused } = useSession()
  const client = useQueryClient()
  const [typed, setTyped] = useState('')
  const [empty, setEmpty] = useState(false)
  const enter = (event: FormEvent) => {
    event.preventDefault()
    const key = typed.trim()
    setEmpty(!key)
    if (!key) return
    client.clear()
    enterWithKey(key)
  }
  return (
    <div className={css.door}>
      <header className={css.top}>
        <div className={css.brand}>
          <img src="/mark.svg" width={28} height={28} alt="" />
          {t.brand}
        </div>
        <div>
          <SettingsMenu />
        </div>
      </header>
      <main className={css.ask}>
        <h1>{t.key.title}</h1>
        <p>{t.key.lead}</p>
        <pre className={`${css.command} mono`}>npx kurzpost key create --name console</pre>
        <form onSubmit={enter} style={{ display: 'grid', gap: 16 }}>
          <PasswordInput
            size="md"
            label={t.key.label}
            autoComplete="off"
            value={typed}
            error={empty ? t.key.missing : refused ? t.key.refused : undefined}
            onChange={(event) => {
              setTyped(event.currentTarget.value)
              setEmpty(false)
            }}
          />
          <Button type="submit" size="md" style={{ justifySelf: 'start' }}>
            {t.key.enter}
          </Button>
        </form>
        <p className={css.kept}>{t.key.kept}</p>
      </main>
    </div>
  )
}
