import type { QueryKey } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useRemoval } from '../api/removal.ts'
import { Confirm } from './Confirm.tsx'
import { Card } from './Page.tsx'

interface RemovalProps {
  /** Of the sheet that the question stands on; without it, it stands on the one that is there. */
  title?: string
  text: ReactNode
  act: string
  keep: string
  /** It cannot be undone, so it asks for a word: what the thing is called. */
  word: string
  path: string
  stale: readonly QueryKey[]
  /** Called when it is gone, and when it stays; for the latter something else may be named. */
  onDone: () => unknown
  onKeep?: () => void
}

/** Asks whether a thing shall go for good, and removes it. */
export function Removal({ title, path, stale, onDone, onKeep, ...question }: RemovalProps) {
  const remove = useRemoval({ path, stale, leave: onDone })
  const confirm = (
    <Confirm
      {...question}
      danger
      busy={remove.isPending}
      error={remove.error}
      onAct={() => remove.mutate('')}
      onKeep={onKeep ?? (() => void onDone())}
    />
  )
  return title ? <Card title={title}>{confirm}</Card> : confirm
}
