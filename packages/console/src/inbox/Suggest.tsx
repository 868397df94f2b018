import { VisuallyHidden } from '@mantine/core'
import { useSpeech } from '../strings/language.tsx'
import css from './Suggest.module.css'

export interface Suggestion {
  id: string
  name: string
  text: string
}

interface SuggestProps {
  id: string
  label: string
  rows: readonly Suggestion[]
  active: number
  onChoose: (at: number) => void
}

/** What can stand in place of what is typed. The field keeps the focus; arrows move, Enter or Tab takes. */
export function Suggest({ id, label, rows, active, onChoose }: SuggestProps) {
  const { t } = useSpeech()
  return (
    <>
      {rows.length > 0 ? (
        <div className={css.box} role="listbox" id={id} aria-label={label}>
          {rows.map((row, at) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the field's, which has the focus
            <div
              key={row.id}
              id={`${id}-${at}`}
              role="option"
              aria-selected={at === active}
              tabIndex={-1}
              className={css.row}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => onChoose(at)}
              ref={(element) => {
                if (at === active) element?.scrollIntoView({ block: 'nearest' })
              }}
            >
              <strong>{row.name}</strong>
              <span>{row.text}</span>
            </div>
          ))}
        </div>
      ) : (
        <p className={`${css.box} ${css.none}`}>{t.inbox.compose.noCanned}</p>
      )}
      <VisuallyHidden aria-live="polite">{t.inbox.compose.suggested(rows.length)}</VisuallyHidden>
    </>
  )
}
