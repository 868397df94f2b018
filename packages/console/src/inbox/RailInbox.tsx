import { VisuallyHidden } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { countsQuery } from '../api/inbox.ts'
import { IconInbox } from '../icons.ts'
import shell from '../shell/Shell.module.css'
import { useSpeech } from '../strings/language.tsx'
import css from './RailInbox.module.css'
import { useInboxLive } from './useInboxLive.ts'

/** The inbox in the rail, with how many conversations have something new, on every page. */
export function RailInbox() {
  const { t, format } = useSpeech()
  const { data: counts } = useQuery(countsQuery)
  useInboxLive()
  const unread = counts?.unread ?? 0
  return (
    <Link to="/inbox" className={`${shell.link} ${css.link}`} activeOptions={{ includeSearch: false }}>
      <IconInbox size={20} aria-hidden />
      {t.inbox.title}
      {unread > 0 && (
        <span className={css.unread}>
          <span aria-hidden className="number">
            {unread > 99 ? '99+' : format.number(unread)}
          </span>
          <VisuallyHidden>{t.inbox.inRail(format.number(unread))}</VisuallyHidden>
        </span>
      )}
    </Link>
  )
}
