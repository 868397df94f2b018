import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { statsDays, statsQuery } from '../api/keywords.ts'
import { Answer, Card } from '../show/Page.tsx'
import { Table } from '../show/Table.tsx'
import { useSpeech } from '../strings/language.tsx'
import { regionalForm } from '../strings/locale.ts'
import { DayBars } from './DayBars.tsx'
import { daysOf } from './days.ts'
import css from './Keywords.module.css'

/** How often a service, or all of them, were asked. */
export function Uses({ id }: { id?: string }) {
  const { t } = useSpeech()
  const words = t.keywords.stats
  const query = useQuery(statsQuery(id))
  return (
    <Card title={words.title}>
      <Answer query={query}>
        {({ data }) =>
          data.length === 0 ? (
            <p className={css.quiet}>{words.none}</p>
          ) : (
            <DayBars days={daysOf(data, new Date().toISOString().slice(0, 10), statsDays)} />
          )
        }
      </Answer>
    </Card>
  )
}

/** What people wrote that no service has: the next word, or the next service. */
export function UnknownWords() {
  const { t, format, language } = useSpeech()
  const words = t.keywords.stats
  const { data } = useQuery(statsQuery())
  const unknown = data?.unknown_words ?? []
  if (unknown.length === 0) return null
  const date = new Intl.DateTimeFormat(regionalForm(language, navigator.languages), {
    dateStyle: 'medium',
    timeZone: 'UTC',
  })
  return (
    <Card title={words.words} note={words.wordsNote} flush>
      <Table
        label={words.words}
        rows={unknown.slice(0, 12)}
        rowKey={({ word }) => word}
        columns={[
          { head: words.word, part: 'title', cell: ({ word }) => <strong>{word}</strong> },
          { head: words.asked, numeric: true, cell: ({ asked }) => format.number(asked) },
          { head: words.last, cell: ({ last_day }) => date.format(new Date(`${last_day}T00:00:00Z`)) },
          {
            head: words.make,
            part: 'actions',
            cell: ({ word }) => (
              <Button
                variant="default"
                size="compact-sm"
                component={Link}
                to={`/keywords/new?word=${encodeURIComponent(word)}`}
                aria-label={words.makeFor(word)}
              >
                {words.make}
              </Button>
            ),
          },
        ]}
      />
    </Card>
  )
}
