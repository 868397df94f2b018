import { Anchor, Button, PasswordInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { enterWithKey, useSession } from '../api/session.ts'
import { useTitle } from '../show/useTitle.ts'
import { useSpeech } from '../strings/language.tsx'
import css from './Door.module.css'
import { Door } from './Door.tsx'
import { SignIn } from './SignIn.tsx'

/** The way in: by e-mail and password, or with a key. After a key was refused, that is what people want to try again. */
export function KeyGate() {
  const { refused } = useSession()
  const [withKey, setWithKey] = useState(refused)
  return (
    <Door>
      {withKey ? <KeyForm onOther={() => setWithKey(false)} /> : <SignIn onOther={() => setWithKey(true)} />}
    </Door>
  )
}

/** Says where a key comes from, and takes one. */
function KeyForm({ onOther }: { onOther: () => void }) {
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
    <>
      <h1>{t.key.title}</h1>
      <p>{t.key.lead}</p>
      <pre className={`${css.command} mono`}>npx kurzpost key create --name console</pre>
      <form onSubmit={enter} className={css.form}>
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
      <div className={css.other}>
        <Anchor component="button" type="button" ta="start" onClick={onOther}>
          {t.access.door.withPassword}
        </Anchor>
      </div>
    </>
  )
}
