import { Link } from '@tanstack/react-router'
import type { Message } from '../api/types.ts'
import { showNumber } from '../format/phone.ts'
import { IconIncoming, IconOutgoing } from '../icons.ts'
import { When } from '../show/When.tsx'
import { StateBadge } from '../state/StateBadge.tsx'
import { useSpeech } from '../strings/language.tsx'
import css from './MessageRows.module.css'

/** The other side of a message: whom it goes to, or who wrote it. */
export const otherSide = ({ direction, from, to }: Message): string =>
  showNumber(direction === 'inbound' ? (from ?? '') : to)

/** A dense table that becomes cards on a phone. `brief` leaves out lane and segments. */
export function MessageRows({ messages, brief = false }: { messages: readonly Message[]; brief?: boolean }) {
  const { t, format } = useSpeech()
  const { columns } = t.list
  return (
    <div className={css.rows}>
      <table className={css.table} data-brief={brief || undefined}>
        <thead hidden={brief}>
          <tr>
            <th className={css.state}>{columns.state}</th>
            <th className={css.who}>{columns.who}</th>
            <th>{columns.text}</th>
            {!brief && <th className={css.lane}>{columns.lane}</th>}
            {!brief && <th className={css.segments}>{columns.segments}</th>}
            <th className={css.when}>{columns.when}</th>
          </tr>
        </thead>
        <tbody>
          {messages.map((message) => {
            const incoming = message.direction === 'inbound'
            const Arrow = incoming ? IconIncoming : IconOutgoing
            return (
              <tr key={message.id}>
                <td className={css.state}>
                  <StateBadge state={message.state} />
                </td>
                <td className={css.who}>
                  <span className={css.address}>
                    <Arrow size={15} role="img" aria-label={incoming ? t.list.from : t.list.to} />
                    <Link to="/messages/$id" params={{ id: message.id }} className={`${css.link} number`}>
                      {otherSide(message)}
                    </Link>
                  </span>
                </td>
                <td className={css.text} title={message.text}>
                  {message.text}
                </td>
                {!brief && (
                  <td className={`${css.lane} ${css.muted}`}>{message.lane ? t.lanes[message.lane] : '–'}</td>
                )}
                {!brief && <td className={`${css.segments} number`}>{format.number(message.segments)}</td>}
                <td className={`${css.when} ${css.muted}`}>
                  <When at={message.created_at} />
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}
