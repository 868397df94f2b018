import { ActionIcon } from '@mantine/core'
import { IconCopy, IconDone } from '../icons.ts'
import { useSpeech } from '../strings/language.tsx'
import { useCopy } from './copy.ts'

/** A small button beside an id or a number. `what` names it for screen readers. */
export function CopyIcon({ text, what }: { text: string; what: string }) {
  const { t } = useSpeech()
  const [state, copy] = useCopy()
  const label = state === 'copied' ? t.copy.copied : t.detail.copy(what)
  const Icon = state === 'copied' ? IconDone : IconCopy
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      size="sm"
      aria-label={label}
      title={label}
      onClick={() => copy(text)}
    >
      <Icon size={15} />
    </ActionIcon>
  )
}
