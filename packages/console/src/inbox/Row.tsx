import { VisuallyHidden } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { Talk } from '../api/inbox.ts'
import { IconUncertain, IconWaiting, IconWarning } from '../icons.ts'
import { useNow, When } from '../show/When.tsx'
import { useSpeech } from '../strings/language.tsx'
import css from './Row.module.css'
import type { InboxSearch } from './search.ts'
import { whoIs } from './who.ts'

interface RowProps {
  talk: Talk
  search: InboxSearch
  /** The view no longer holds it: it stays until the reader looks anew. */
  gone: boolean
  youId: string | undefined
}

/** One conversation in a list: who, what was said last, what is the matter. */
export function Row({ talk, search, gone, youId }: RowProps) {
  const { t, format } = useSpeech()
  const here = search.talk === talk.id
  const { last, unread } = talk
  return (
    <Link
      to="/inbox"
      search={{ ...search, talk: talk.id }}
      resetScroll={false}
      className={css.row}
      data-id={talk.id}
      data-here={here || undefined}
      data-unread={unread > 0 || undefined}
      data-gone={gone || undefined}
      aria-current={here ? 'true' : undefined}
    >
      <span className={css.who}>{whoIs(talk)}</span>
      <span className={css.when}>
        <When at={talk.last_at} />
      </span>
      <span className={css.said} dir="auto">
        {last ? (
          <>
            {last.direction === 'outbound' && <span className={css.we}>{t.inbox.weSaid} </span>}
            {last.text}
          </>
        ) : (
          <em>{t.inbox.deleted}</em>
        )}
      </span>
      {unread > 0 && (
        <span className={css.unread}>
          <span aria-hidden className="number">
            {format.number(unread)}
          </span>
          <VisuallyHidden>{t.inbox.unread(unread, format.number(unread))}</VisuallyHidden>
        </span>
      )}
      <Marks talk={talk} gone={gone} listed={search.q !== undefined} youId={youId} />
    </Link>
  )
}

function Marks({ talk, gone, listed, youId }: Omit<RowProps, 'search'> & { listed: boolean }) {
  const { t, format } = useSpeech()
  const now = useNow()
  const late = talk.targets.some(({ breached, due_at }) => breached || Date.parse(due_at) <= now)
  const soon = !late && talk.targets.some(({ warned }) => warned)
  const marks = [
    gone && { key: 'gone', text: t.inbox.gone },
    late && { key: 'late', text: t.inbox.late, tone: 'failed', icon: IconWarning },
    soon && { key: 'soon', text: t.inbox.soon, tone: 'uncertain', icon: IconWaiting },
    talk.flags.length > 0 && {
      key: 'flag',
      text: t.inbox.view.flagged,
      tone: 'uncertain',
      icon: IconUncertain,
    },
    talk.snoozed_until && { key: 'snoozed', text: t.inbox.until(format.moment(talk.snoozed_until)) },
    listed && talk.state !== 'snoozed' && { key: 'state', text: t.inbox.state[talk.state] },
    talk.mentions > 0 && { key: 'mention', text: '@', title: t.inbox.view.mentioned },
    talk.team && { key: 'team', text: talk.team.name },
    talk.assignee && { key: 'agent', text: talk.assignee.id === youId ? t.inbox.you : talk.assignee.name },
  ].filter((mark) => !!mark)
  if (marks.length === 0) return null
  return (
    <span className={css.marks}>
      {marks.map((mark) => {
        const Icon = 'icon' in mark ? mark.icon : undefined
        return (
          <span key={mark.key} className={css.mark} data-tone={'tone' in mark ? mark.tone : undefined}>
            {Icon && <Icon size={13} aria-hidden />}
            {mark.text}
            {'title' in mark && <VisuallyHidden>{mark.title}</VisuallyHidden>}
          </span>
        )
      })}
    </span>
  )
}
