import type { Login } from '../api/operate-types.ts'
import { RowMenu } from '../show/RowMenu.tsx'
import { Share } from '../show/Share.tsx'
import tableCss from '../show/Table.module.css'
import { type Column, Table } from '../show/Table.tsx'
import { When } from '../show/When.tsx'
import { type LoginState, loginLooks } from '../state/operate-looks.ts'
import { Sign } from '../state/Sign.tsx'
import { useSpeech } from '../strings/language.tsx'

export const stateOf = ({ enabled, sessions }: Login): LoginState =>
  !enabled ? 'off' : sessions.length > 0 ? 'connected' : 'away'

/** All logins, and who is there now. */
export function LoginTable({ logins, may }: { logins: readonly Login[]; may: boolean }) {
  const { t, format } = useSpeech()
  const { columns: head } = t.logins
  const columns: Column<Login>[] = [
    {
      head: head.system,
      part: 'title',
      cell: ({ system_id, name }) => (
        <>
          <strong className="mono">{system_id}</strong>
          <span className={tableCss.sub}>{name}</span>
        </>
      ),
    },
    {
      head: head.state,
      cell: (login) => {
        const state = stateOf(login)
        return <Sign look={loginLooks[state]} word={t.logins.states[state]} />
      },
    },
    {
      head: head.sessions,
      cell: ({ sessions, max_binds }) => (
        <>
          <Share
            used={sessions.length}
            of={max_binds}
            text={t.logins.sessionsOf(format.number(sessions.length), format.number(max_binds))}
          />
          {sessions.slice(0, 3).map((session) => (
            <span key={`${session.node} ${session.address} ${session.since}`} className={tableCss.sub}>
              {t.logins.session(
                t.carriers.bindTypes[session.bind_type] ?? session.bind_type,
                session.address,
              )}
            </span>
          ))}
        </>
      ),
    },
    {
      head: head.waiting,
      numeric: true,
      cell: ({ waiting: { count, oldest_at, given_up, last_given_up } }) => (
        <>
          {/* The server counts to a thousand and one. */}
          {count > 1_000 ? t.logins.more(format.number(1_000)) : format.number(count)}
          {oldest_at && (
            <span className={tableCss.sub}>
              <When at={oldest_at} />
            </span>
          )}
          {given_up > 0 && (
            <span className={tableCss.sub} title={last_given_up?.sentence}>
              {t.logins.givenUp(
                given_up > 1_000 ? t.logins.more(format.number(1_000)) : format.number(given_up),
              )}
            </span>
          )}
        </>
      ),
    },
    {
      head: head.limits,
      cell: ({ segments_per_second: rate, window }) => (
        <>
          {rate === null ? t.logins.unlimited : t.logins.perSecond(format.amount(rate))}
          <span className={tableCss.sub}>{t.logins.window(format.number(window))}</span>
        </>
      ),
    },
    {
      head: head.from,
      cell: ({ allowed_ips: ips, tls_only }) => (
        <>
          {ips.length === 0 ? t.logins.anywhere : ips.join(', ')}
          {tls_only && <span className={tableCss.sub}>{t.logins.tlsOnly}</span>}
        </>
      ),
    },
    { head: head.lane, cell: ({ lane }) => t.lanes[lane] },
    {
      head: head.actions,
      part: 'actions',
      cell: ({ id, system_id, enabled }) => (
        <RowMenu
          word={t.logins.edit}
          label={t.logins.editName(system_id)}
          items={[
            { to: `/smpp-logins?edit=${id}`, word: t.logins.settings },
            { to: `/smpp-logins?renew=${id}`, word: t.logins.renew },
            { to: `/smpp-logins?off=${id}`, word: enabled ? t.logins.disable : t.logins.enable },
            { to: `/smpp-logins?remove=${id}`, word: t.logins.remove },
          ]}
        />
      ),
    },
  ]
  return (
    <Table
      label={t.logins.title}
      columns={may ? columns : columns.slice(0, -1)}
      rows={logins}
      rowKey={({ id }) => id}
      muted={({ enabled }) => !enabled}
    />
  )
}
