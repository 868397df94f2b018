import { errors } from '../../packages/server/src/errors.ts'
import { generatedFrom, page, table } from './markdown.ts'

export function errorsPage(): string {
  const entries = Object.entries(errors)
  const rows = (ofRequests: boolean) =>
    entries
      .filter(([, { status }]) => status > 0 === ofRequests)
      .map(([code, { status, retryable, sentence, advice }]) => [
        `\`${code}\``,
        ...(ofRequests ? [String(status)] : []),
        retryable ? 'yes' : 'no',
        `${sentence} ${advice}`,
      ])
  return page(
    generatedFrom('packages/server/src/errors.ts'),
    '# Errors',
    'Every error of the HTTP API has one shape. Programs decide by `code`, which never changes its meaning; `message` is for people.',
    '```json\n{ "error": { "code": "invalid_number", "message": "…", "details": { "field": "to" }, "docs": "/docs/errors#invalid_number" } }\n```',
    '`details` of `invalid_request` is a list of `{ "field": "messages.3.text", "problem": "must be a string" }`. "Again" says whether the same request may succeed later; answers with 429 and 503 say when, in the header `Retry-After`. Each answer carries `X-Request-Id`, which also stands in the log.',
    '## Of requests',
    table(['Code', 'HTTP', 'Again', 'What happened, and what to do'], rows(true)),
    '## Of messages',
    'Why a message failed: `error.code` of a message and of its event.',
    table(['Code', 'Again', 'What happened, and what to do'], rows(false)),
  )
}
