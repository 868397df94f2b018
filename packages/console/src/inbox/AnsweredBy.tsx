import type { TalkDetail } from '../api/inbox.ts'
import { IconKeywords } from '../icons.ts'
import { When } from '../show/When.tsx'
import { useSpeech } from '../strings/language.tsx'
import { answeredBy } from './merging.ts'
import css from './Present.module.css'

/** A dialog was given the conversation. It is a program of the account's own: nothing here can call it back. */
export function AnsweredBy({ talk }: { talk: TalkDetail }) {
  const { t } = useSpeech()
  const words = t.inbox.dialog
  const now = answeredBy(talk.entries)
  if (!now) return null
  return (
    <div role="status" className={css.present}>
      <p data-handed>
        <IconKeywords size={15} aria-hidden />
        <span>
          {words.answers(now.dialog)} <When at={now.since} />. {words.hint}
        </span>
      </p>
    </div>
  )
}
