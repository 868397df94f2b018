import { VisuallyHidden } from '@mantine/core'
import type { Entry, TalkDetail } from '../api/inbox.ts'
import type { Formats } from '../format/formats.ts'
import { showNumber } from '../format/phone.ts'
import { isFailure } from '../state/look.ts'
import { StateBadge } from '../state/StateBadge.tsx'
import type { Strings } from '../strings/en.ts'
import { useSpeech } from '../strings/language.tsx'
import css from './Entry.module.css'
import { whoIs } from './who.ts'

interface EntryProps {
  entry: Entry
  talk: TalkDetail
  youId: string | undefined
}

/** A message, a note or something that happened. */
export function EntryView({ entry, talk, youId }: EntryProps) {
  if (entry.message) return <Message entry={entry} message={entry.message} talk={talk} youId={youId} />
  if (entry.kind === 'note') return <Note entry={entry} youId={youId} />
  return <Happened entry={entry} youId={youId} />
}

type MessageOf = NonNullable<Entry['message']>

function Message({ entry, message, talk, youId }: EntryProps & { message: MessageOf }) {
  const { t, format } = useSpeech()
  const { direction, text, from, to, state, segments, taken_by } = message
  const own = direction === 'outbound'
  const who = own ? authorOf(entry, youId, t) : whoIs(talk)
  const other = own ? to : from
  const details = [
    own ? who : undefined,
    // Where there are several addresses it matters which one it was.
    talk.addresses.length > 1 && other ? showNumber(other) : undefined,
    taken_by && taken_by !== 'inbox' ? t.inbox.talk.takenBy(taken_by) : undefined,
    own && segments && segments > 1 ? t.meter.segments(segments, format.number(segments)) : undefined,
  ].filter(Boolean)
  return (
    <li className={css.message} data-own={own || undefined}>
      <VisuallyHidden>{who}:</VisuallyHidden>
      <div className={css.bubble} dir="auto" data-automatic={entry.what !== null || undefined}>
        {text ?? <em>{t.inbox.deleted}</em>}
      </div>
      <div className={css.meta}>
        {details.join(' · ')}
        {details.length > 0 && ' · '}
        <time dateTime={entry.at} title={format.full(entry.at)} className="number">
          {format.minute(entry.at)}
        </time>
        {own && state && (
          <span className={css.state}>
            <StateBadge state={state} />
          </span>
        )}
        {own && state && isFailure(state) && <span>{t.inbox.talk.failed}</span>}
        {typeof entry.data?.score === 'number' && (
          <strong>{t.inbox.talk.rated(format.number(entry.data.score))}</strong>
        )}
      </div>
    </li>
  )
}

function authorOf({ by, what }: Entry, youId: string | undefined, t: Strings): string {
  if (what && t.inbox.talk.automatic[what]) return t.inbox.talk.automatic[what]
  if (!by) return t.inbox.talk.program
  return by.id === youId ? t.inbox.you : by.name
}

function Note({ entry, youId }: { entry: Entry; youId: string | undefined }) {
  const { t, format } = useSpeech()
  return (
    <li className={css.note}>
      <div className={css.noteHead}>
        <strong>{entry.by?.id === youId ? t.inbox.you : entry.by?.name}</strong> {t.inbox.talk.note} ·{' '}
        <time dateTime={entry.at} title={format.full(entry.at)} className="number">
          {format.minute(entry.at)}
        </time>
      </div>
      <p dir="auto">{entry.note}</p>
    </li>
  )
}

function Happened({ entry, youId }: { entry: Entry; youId: string | undefined }) {
  const { t, format } = useSpeech()
  return (
    <li className={css.happened}>
      {sentences(entry, youId, t, format).join('. ')}{' '}
      <time dateTime={entry.at} title={format.full(entry.at)} className="number">
        {format.minute(entry.at)}
      </time>
    </li>
  )
}

/** What happened, in words. What a later server may say besides is shown as it calls it. */
function sentences(entry: Entry, youId: string | undefined, t: Strings, format: Formats): string[] {
  const { by, what, data } = entry
  const words = t.inbox.event
  const who = by ? (by.id === youId ? t.inbox.you : by.name) : undefined
  const text = (name: string): string | null =>
    typeof data?.[name] === 'string' ? (data[name] as string) : null
  switch (what) {
    case 'assigned': {
      const to = text('assignee_name')
      const team = data && 'team_id' in data ? (text('team_name') ?? text('team_id')) : undefined
      return [
        ...(data && 'assignee' in data && (to !== null || by)
          ? [by && data.assignee === by.id ? words.took(who!) : words.assigned(who, to)]
          : []),
        ...(team !== undefined && text('team_name') !== null ? [words.team(who, text('team_name'))] : []),
        ...(team === null ? [words.team(who, null)] : []),
      ]
    }
    case 'closed':
    case 'reopened':
    case 'waiting':
    case 'opted_out':
      return [words[what](who)]
    case 'snoozed':
      return [words.snoozed(who, format.moment(text('until') ?? entry.at))]
    case 'woken':
      return [words.woken]
    case 'handed_to_us':
      return [words.handed_to_us(text('from') ?? '')]
    case 'handed_over':
      return [words.handed_over(who, text('to') ?? '')]
    default:
      return [words.other(what ?? '')]
  }
}
