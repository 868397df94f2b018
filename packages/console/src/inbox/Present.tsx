import type { Present as PresentRow } from '../api/inbox.ts'
import { IconEdit, IconReveal } from '../icons.ts'
import { useNow } from '../show/When.tsx'
import { useSpeech } from '../strings/language.tsx'
import css from './Present.module.css'

/** Who else is here: before two answer the same question. */
export function Present({ present }: { present: readonly PresentRow[] }) {
  const { t, format } = useSpeech()
  const now = useNow()
  const here = present.filter(({ until }) => Date.parse(until) > now)
  const namesOf = (doing: PresentRow['doing']) =>
    here.filter((each) => each.doing === doing).map(({ name }) => name)
  const [typing, viewing] = [namesOf('typing'), namesOf('viewing')]
  return (
    <div role="status" className={css.present}>
      {typing.length > 0 && (
        <p data-typing>
          <IconEdit size={15} aria-hidden /> {t.inbox.talk.typing(format.list(typing), typing.length > 1)}
        </p>
      )}
      {viewing.length > 0 && (
        <p>
          <IconReveal size={15} aria-hidden />{' '}
          {t.inbox.talk.viewing(format.list(viewing), viewing.length > 1)}
        </p>
      )}
    </div>
  )
}
