import type { State } from '../api/types.ts'
import { useSpeech } from '../strings/language.tsx'
import { type Look, lookOf, looks } from './look.ts'
import { Sign } from './Sign.tsx'

/** The state of a message: word, icon and colour. */
export function StateBadge({ state, tinted = false }: { state: State; tinted?: boolean }) {
  return <LookBadge look={lookOf[state]} tinted={tinted} />
}

export function LookBadge({ look, tinted = false }: { look: Look; tinted?: boolean }) {
  const { t } = useSpeech()
  return <Sign look={{ color: look, icon: looks[look] }} word={t.states[look]} tinted={tinted} />
}
