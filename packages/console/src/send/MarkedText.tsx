import { Input } from '@mantine/core'
import { type ComponentProps, type ReactNode, type Ref, useId } from 'react'
import css from './MarkedText.module.css'
import type { Mark } from './measure.ts'

interface MarkedTextProps {
  label: string
  placeholder: string
  value: string
  onChange: (text: string) => void
  marks: readonly Mark[]
  error: string | undefined
  describedBy: string
  /** Starts as low as one line. */
  compact?: boolean
  /** What else the field itself takes, such as keys. */
  area?: Omit<ComponentProps<'textarea'>, 'value' | 'onChange' | 'ref'>
  ref?: Ref<HTMLTextAreaElement>
}

/** A textarea that grows with its text and marks characters in it. */
export function MarkedText({
  label,
  placeholder,
  value,
  onChange,
  marks,
  error,
  describedBy,
  compact = false,
  area = {},
  ref,
}: MarkedTextProps) {
  const id = useId()
  return (
    <Input.Wrapper
      label={label}
      id={id}
      error={error}
      size={compact ? 'sm' : 'md'}
      {...(compact && { classNames: { label: css.hidden ?? '' } })}
    >
      <div className={css.field} data-compact={compact || undefined}>
        <div className={css.under} aria-hidden>
          {withMarks(value, marks)}
          {/* A last line that is empty has height only with something on it. */}
          {'\u200b'}
        </div>
        <textarea
          {...area}
          ref={ref}
          id={id}
          className={css.area}
          placeholder={placeholder}
          value={value}
          onChange={(event) => onChange(event.currentTarget.value)}
          aria-describedby={describedBy}
          aria-invalid={error ? true : undefined}
          dir="auto"
        />
      </div>
    </Input.Wrapper>
  )
}

function withMarks(text: string, marks: readonly Mark[]): ReactNode[] {
  const parts: ReactNode[] = []
  let at = 0
  for (const { from, to } of marks) {
    if (from > at) parts.push(text.slice(at, from))
    parts.push(<mark key={from}>{text.slice(from, to)}</mark>)
    at = to
  }
  parts.push(text.slice(at))
  return parts
}
