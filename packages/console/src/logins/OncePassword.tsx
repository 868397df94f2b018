import { Button } from '@mantine/core'
import { useEffect, useRef } from 'react'
import { CopyIcon } from '../show/CopyIcon.tsx'
import { useSpeech } from '../strings/language.tsx'
import css from './Logins.module.css'

/** What a system of a customer logs in with. */
export interface Shown {
  systemId: string
  password: string
}

/** A password, the one time that it can be seen. */
export function OncePassword({ systemId, password, onDone }: Shown & { onDone: () => void }) {
  const { t } = useSpeech()
  const words = t.logins.password
  const head = useRef<HTMLHeadingElement>(null)
  useEffect(() => head.current?.focus(), [])
  return (
    <section className={`sheet ${css.once}`} aria-label={words.title(systemId)}>
      <h2 ref={head} tabIndex={-1}>
        {words.title(systemId)}
      </h2>
      <p>{words.text}</p>
      <dl className={css.pair}>
        <dt>{words.systemId}</dt>
        <dd>
          <code className="mono">{systemId}</code>
          <CopyIcon text={systemId} what={words.systemId} />
        </dd>
        <dt>{words.copy}</dt>
        <dd>
          <code className="mono">{password}</code>
          <CopyIcon text={password} what={words.copy} />
        </dd>
      </dl>
      <Button style={{ justifySelf: 'start' }} onClick={onDone}>
        {words.done}
      </Button>
    </section>
  )
}
