import { NativeSelect } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { type Counts, countsQuery, teamsQuery } from '../api/inbox.ts'
import { IconSettings } from '../icons.ts'
import { useSpeech } from '../strings/language.tsx'
import { firstView, type InboxSearch, type ViewName, viewNames } from './search.ts'
import css from './Views.module.css'

/** Closed ones have no end, so nobody counts them. */
const countOf = (counts: Counts | undefined, view: ViewName): number =>
  counts && view !== 'closed' ? counts[view] : 0

/** What there is to look at, and how much of it. Where it is narrow, a field to choose from. */
export function Views({ search }: { search: InboxSearch }) {
  const { t, format } = useSpeech()
  const { data: counts } = useQuery(countsQuery)
  const { data: teams = [] } = useQuery(teamsQuery)
  const navigate = useNavigate()
  const here = search.q ? undefined : (search.team ?? search.view ?? firstView)
  const numbered = (label: string, count: number) =>
    count > 0 ? `${label} (${format.number(count)})` : label
  return (
    <>
      <nav className={css.views} aria-label={t.inbox.views}>
        <ul>
          {viewNames.map((view) => (
            <li key={view}>
              <Link
                to="/inbox"
                search={{ view }}
                className={css.view}
                aria-current={here === view ? 'page' : undefined}
                data-here={here === view || undefined}
                data-warn={view === 'breached' || undefined}
                activeOptions={{ exact: true, includeSearch: true }}
              >
                <span>{t.inbox.view[view]}</span>
                <Count value={countOf(counts, view)} />
              </Link>
            </li>
          ))}
        </ul>
        {teams.length > 0 && (
          <>
            <h2>{t.inbox.teams}</h2>
            <ul>
              {teams.map(({ id, name }) => (
                <li key={id}>
                  <Link
                    to="/inbox"
                    search={{ team: id }}
                    className={css.view}
                    aria-current={here === id ? 'page' : undefined}
                    data-here={here === id || undefined}
                  >
                    <span>{name}</span>
                    <Count value={counts?.teams[id] ?? 0} />
                  </Link>
                </li>
              ))}
            </ul>
          </>
        )}
        <Link to="/inbox/settings" className={`${css.view} ${css.settings}`}>
          <span>
            <IconSettings size={16} aria-hidden /> {t.nav.settings}
          </span>
        </Link>
      </nav>
      <NativeSelect
        className={css.narrow}
        aria-label={t.inbox.views}
        value={here ?? ''}
        onChange={({ currentTarget: { value } }) =>
          void navigate({
            to: '/inbox',
            search: value.startsWith('tem_') ? { team: value } : { view: value as ViewName },
          })
        }
        data={[
          ...(here === undefined ? [{ value: '', label: t.inbox.found }] : []),
          ...viewNames.map((view) => ({
            value: view,
            label: numbered(t.inbox.view[view], countOf(counts, view)),
          })),
          ...teams.map(({ id, name }) => ({ value: id, label: numbered(name, counts?.teams[id] ?? 0) })),
        ]}
      />
    </>
  )
}

function Count({ value }: { value: number }) {
  const { format } = useSpeech()
  return value > 0 ? <span className={`${css.count} number`}>{format.number(value)}</span> : null
}
