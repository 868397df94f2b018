import { Alert, Button } from '@mantine/core'
import { ApiError } from '../api/client.ts'
import { IconRetry, IconWarning } from '../icons.ts'
import type { Strings } from '../strings/en.ts'
import { useSpeech } from '../strings/language.tsx'

/** What an error means, in the reader's language; the server's own words where we have none, and for what it marked. */
export function problemText(error: unknown, t: Strings): string {
  if (!(error instanceof ApiError)) return String(error)
  const known = t.errors.byCode[error.code]
  if (known && error.code !== 'invalid_request') return known
  const details = Array.isArray(error.details) ? error.details.map((detail) => detailText(detail, t)) : []
  return [known ?? error.message, details.join('; ')].filter(Boolean).join(' ')
}

/** What is wrong with a field, in the reader's words where there are any. */
export function fieldProblem(problem: string, t: Strings): string {
  for (const [pattern, words] of t.problems) {
    const match = pattern.exec(problem)
    if (match) return words(...match.slice(1))
  }
  return problem
}

function detailText(detail: unknown, t: Strings): string {
  if (typeof detail === 'string') return detail
  const { field, problem, message } = (detail ?? {}) as Record<string, unknown>
  return typeof field === 'string'
    ? `${field}: ${fieldProblem(String(problem ?? message), t)}`
    : JSON.stringify(detail)
}

interface ProblemProps {
  error: unknown
  /** Everything that is wrong stands at its field already. */
  marked?: boolean
  note?: string
  onRetry?: () => void
}

/** An error, where it happened, with the way to try again. */
export function Problem({ error, marked = false, note, onRetry }: ProblemProps) {
  const { t } = useSpeech()
  return (
    <Alert color="red" variant="light" role="alert" icon={<IconWarning />} title={t.errors.title}>
      {marked ? t.errors.marked : problemText(error, t)} {note}
      {onRetry && !marked && (
        <Button
          mt="xs"
          size="compact-sm"
          variant="default"
          display="flex"
          leftSection={<IconRetry size={15} />}
          onClick={onRetry}
        >
          {t.errors.retry}
        </Button>
      )}
    </Alert>
  )
}
