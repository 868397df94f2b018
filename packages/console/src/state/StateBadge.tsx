import type { CSSProperties } from 'react'
import type { State } from '../api/types.ts'
import { useSpeech } from '../strings/language.tsx'
import { type Look, lookOf, looks } from './look.ts'
import css from './State.module.css'

export const lookStyle = (look: Look) => ({ '--state': `var(--kp-state-${look})` }) as CSSProperties

/** The state of a message: word, icon and colour. */
export function StateBadge({ state, tinted = false }: { state: State; tinted?: boolean }) {
  return <LookBadge look={lookOf[state]} tinted={tinted} />
}

export function LookBadge({ look, tinted = false }: { look: Look; tinted?: boolean }) {
  const { t } = useSpeech()
  const Icon = looks[look]
  return (
    <span className={css.badge} data-tinted={tinted || undefined} style={lookStyle(look)}>
      <Icon size={17} stroke={2} aria-hidden />
      {t.states[look]}
    </span>
  )
}
