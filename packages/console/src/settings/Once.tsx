import { Button } from '@mantine/core'
import { type ReactNode, useEffect, useRef } from 'react'
import loginCss from '../logins/Logins.module.css'
import { CopyIcon } from '../show/CopyIcon.tsx'

/** A secret, the one time that it can be seen. */
export function Once({
  title,
  text,
  label,
  secret,
  note,
  done,
  onDone,
}: {
  title: string
  text: string
  label: string
  secret: string
  note?: ReactNode
  done: string
  onDone: () => void
}) {
  const head = useRef<HTMLHeadingElement>(null)
  useEffect(() => head.current?.focus(), [])
  return (
    <section className={`sheet ${loginCss.once}`} aria-label={title}>
      <h2 ref={head} tabIndex={-1}>
        {title}
      </h2>
      <p>{text}</p>
      <dl className={loginCss.pair}>
        <dt>{label}</dt>
        <dd>
          <code className="mono" style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-line' }}>
            {secret}
          </code>
          <CopyIcon text={secret} what={label} />
        </dd>
      </dl>
      {note && <p>{note}</p>}
      <Button style={{ justifySelf: 'start' }} onClick={onDone}>
        {done}
      </Button>
    </section>
  )
}
