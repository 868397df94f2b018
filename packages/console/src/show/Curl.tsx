import { Button } from '@mantine/core'
import { useState } from 'react'
import type { Method } from '../api/client.ts'
import { useSession } from '../api/session.ts'
import { curlCommand } from '../format/curl.ts'
import { IconCopy, IconDone, IconHide, IconReveal } from '../icons.ts'
import { useSpeech } from '../strings/language.tsx'
import { CodeBlock } from './CodeBlock.tsx'
import css from './Curl.module.css'
import { useCopy } from './copy.ts'

export interface CurlProps {
  title?: string
  method?: Method
  path: string
  body?: unknown
}

/** A call as a curl command. The key is hidden until asked for; the copy has it and works as pasted. */
export function Curl({ title, ...call }: CurlProps) {
  const { t } = useSpeech()
  const { key } = useSession()
  const [revealed, setRevealed] = useState(false)
  const [state, copy] = useCopy()
  const command = (withKey: boolean) =>
    curlCommand({ origin: location.origin, ...call, key: withKey ? key : undefined })
  const copyWord = { idle: t.curl.copy, copied: t.curl.copied, failed: t.curl.failed }[state]
  return (
    <section className={css.box} aria-label={title ?? t.curl.title}>
      <div className={css.head}>
        <span className={css.title}>{title ?? t.curl.title}</span>
        <Button
          variant="subtle"
          color="gray"
          size="compact-xs"
          leftSection={revealed ? <IconHide size={15} /> : <IconReveal size={15} />}
          onClick={() => setRevealed(!revealed)}
        >
          {revealed ? t.curl.hide : t.curl.reveal}
        </Button>
        <Button
          variant="subtle"
          color="gray"
          size="compact-xs"
          leftSection={state === 'copied' ? <IconDone size={15} /> : <IconCopy size={15} />}
          onClick={() => copy(command(true))}
          aria-live="polite"
        >
          {copyWord}
        </Button>
      </div>
      <div className={css.code}>
        <CodeBlock label={t.curl.label} bare>
          {command(revealed)}
        </CodeBlock>
      </div>
    </section>
  )
}
