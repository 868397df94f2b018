import { ActionIcon, Button } from '@mantine/core'
import { useEffect, useState } from 'react'
import { IconClear, IconRetry } from '../icons.ts'
import { problemText } from '../show/Problem.tsx'
import { useSpeech } from '../strings/language.tsx'
import css from './DoneBar.module.css'
import type { Acts } from './useActs.ts'

/** Long enough to read it and to take it back. An error stays until it is read. */
const shownMs = 8_000

/** What was just done, with the way back. Stays while somebody is at it. */
export function DoneBar({ acts }: { acts: Acts }) {
  const { t } = useSpeech()
  const { done, dismiss } = acts
  const [held, setHeld] = useState(false)
  // biome-ignore lint/correctness/useExhaustiveDependencies: each new one has its own time
  useEffect(() => {
    if (!done || done.error !== undefined || held) return
    const timer = setTimeout(dismiss, shownMs)
    return () => clearTimeout(timer)
  }, [done, held])
  return (
    <div role="status" className={css.place}>
      {done && (
        // biome-ignore lint/a11y/noStaticElementInteractions: it only holds still while the pointer is over it
        <div
          className={css.bar}
          data-error={done.error !== undefined || undefined}
          onMouseEnter={() => setHeld(true)}
          onMouseLeave={() => setHeld(false)}
          onFocus={() => setHeld(true)}
          onBlur={() => setHeld(false)}
        >
          <span>
            {done.text} {done.error !== undefined && problemText(done.error, t)}
          </span>
          {done.undo && (
            <Button
              size="compact-sm"
              variant="default"
              leftSection={<IconRetry size={15} />}
              onClick={() => void acts.undo()}
            >
              {t.inbox.done.undo}
            </Button>
          )}
          <ActionIcon variant="subtle" color="gray" aria-label={t.inbox.help.close} onClick={dismiss}>
            <IconClear size={15} />
          </ActionIcon>
        </div>
      )}
    </div>
  )
}
