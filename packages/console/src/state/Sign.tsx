import type { ComponentType, CSSProperties } from 'react'
import type { Look } from './look.ts'
import css from './State.module.css'

export interface SignLook {
  /** The colour, by the state of a message that has it too. */
  color: Look
  icon: ComponentType<{ size?: number; stroke?: number; 'aria-hidden'?: boolean }>
}

export const lookStyle = (look: Look) => ({ '--state': `var(--kp-state-${look})` }) as CSSProperties

/** A state: word, icon and colour, always together. */
export function Sign({
  look: { color, icon: Icon },
  word,
  tinted = false,
}: {
  look: SignLook
  word: string
  tinted?: boolean
}) {
  return (
    <span className={css.badge} data-tinted={tinted || undefined} style={lookStyle(color)}>
      <Icon size={17} stroke={2} aria-hidden />
      {word}
    </span>
  )
}
