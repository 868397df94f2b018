import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { Held, PersonConsent, Scope, Standing, Topic, TopicKind } from '../api/consent.ts'
import { showNumber } from '../format/phone.ts'
import tableCss from '../show/Table.module.css'
import { type Column, Table } from '../show/Table.tsx'
import { When } from '../show/When.tsx'
import { Sign } from '../state/Sign.tsx'
import { useSpeech } from '../strings/language.tsx'
import css from './Consent.module.css'
import { standingLooks } from './looks.ts'
import type { Saying } from './search.ts'
import { aboutText } from './words.ts'

interface Row extends Scope {
  key: string
  name: string
  kind?: TopicKind
  mandatory?: boolean
  standing: Standing
  by: Held | null
}

/** Topic by topic what holds, by which word, and what can be written down now. */
export function StandingTable({
  person,
  topics,
  may,
}: {
  person: PersonConsent
  topics: readonly Topic[]
  may: boolean
}) {
  const { t } = useSpeech()
  const words = t.consent
  const named = person.topics.map(({ id, ...rest }): Row => ({ key: id, topic: id, sender: null, ...rest }))
  // What was said of a sender or of everything stands beside the topics.
  const broader = person.words
    .filter(({ topic }) => topic === null)
    .map((by): Row => {
      const { sender, granted } = by
      const standing = granted ? 'granted' : 'withdrawn'
      return {
        key: sender ?? '',
        topic: null,
        sender,
        name: sender ? words.rowSender(showNumber(sender)) : words.rowAll,
        standing,
        by,
      }
    })
  const other: Row = {
    ...{ key: 'other', topic: null, sender: null, name: words.otherMarketing },
    ...person.marketing,
  }
  const rows = [...named, ...broader, ...(broader.some(({ sender }) => sender === null) ? [] : [other])]
  const link = (row: Row, say: Saying) =>
    `/consent?${new URLSearchParams({
      number: person.number,
      say,
      ...(row.topic && { topic: row.topic }),
      ...(row.sender && { sender: row.sender }),
    })}`
  const columns: Column<Row>[] = [
    {
      head: words.columns.topic,
      part: 'title',
      cell: ({ name, kind, mandatory }) => (
        <>
          <strong>{name}</strong>
          {kind && (
            <span className={tableCss.sub}>
              {[words.kinds[kind], mandatory && words.mandatory].filter(Boolean).join(', ')}
            </span>
          )}
        </>
      ),
    },
    {
      head: words.columns.standing,
      cell: ({ standing }) => <Sign look={standingLooks[standing]} word={words.standing[standing]} />,
    },
    { head: words.columns.since, cell: ({ by }) => (by ? <When at={by.since} /> : '–') },
    {
      head: words.columns.by,
      cell: (row) =>
        row.by ? (
          <>
            {words.hows[row.by.how]}
            <span className={tableCss.sub}>
              {[
                row.by.via && words.via(showNumber(row.by.via)),
                row.topic !== row.by.topic && words.about(aboutText(row.by, topics, t)),
              ]
                .filter(Boolean)
                .join(', ')}
            </span>
          </>
        ) : (
          '–'
        ),
    },
    {
      head: words.columns.act,
      part: 'actions',
      cell: (row) => {
        const own = row.by !== null && row.by.topic === row.topic && row.by.sender === row.sender
        const says: Saying[] =
          row.standing === 'withdrawn'
            ? own
              ? ['restore']
              : ['grant']
            : row.standing === 'granted'
              ? ['withdraw']
              : ['grant', 'withdraw']
        return (
          <div className={css.row}>
            {says.map((say) => (
              <Button
                key={say}
                component={Link}
                to={link(row, say)}
                resetScroll={false}
                variant="default"
                size="compact-sm"
                aria-label={`${row.name}: ${words[say]}`}
              >
                {words[say]}
              </Button>
            ))}
          </div>
        )
      },
    },
  ]
  return (
    <Table
      label={words.topicsTitle}
      columns={may ? columns : columns.slice(0, -1)}
      rows={rows}
      rowKey={({ key }) => key}
    />
  )
}
