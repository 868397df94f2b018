import type { Topic } from '../api/consent.ts'
import { showNumber } from '../format/phone.ts'
import { RowMenu } from '../show/RowMenu.tsx'
import tableCss from '../show/Table.module.css'
import { type Column, Table } from '../show/Table.tsx'
import { useSpeech } from '../strings/language.tsx'
import { languageName } from './language.ts'

/** All topics: what they are, from whom they come, and how one leaves. */
export function TopicTable({ topics, may }: { topics: readonly Topic[]; may: boolean }) {
  const { t, language } = useSpeech()
  const words = t.consent.topics
  const columns: Column<Topic>[] = [
    {
      head: words.columns.name,
      part: 'title',
      cell: ({ name, archived_at }) => (
        <>
          <strong>{name}</strong>
          {archived_at && <span className={tableCss.sub}>{words.isArchived}</span>}
        </>
      ),
    },
    {
      head: words.columns.kind,
      cell: ({ kind, mandatory }) => (
        <>
          {t.consent.kinds[kind]}
          {mandatory && <span className={tableCss.sub}>{t.consent.mandatory}</span>}
        </>
      ),
    },
    { head: words.columns.key, cell: ({ key }) => <span className="mono">STOP {key.toUpperCase()}</span> },
    {
      head: words.columns.sender,
      cell: ({ sender }) => (sender ? showNumber(sender) : words.defaultSender),
    },
    { head: words.columns.language, cell: (topic) => languageName(topic.language, language) },
    {
      head: words.columns.act,
      part: 'actions',
      cell: ({ id, name, archived_at }) => (
        <RowMenu
          word={words.edit}
          label={words.editName(name)}
          items={[
            { to: `/topics?edit=${id}`, word: words.settings },
            {
              to: `/topics?archive=${id}${archived_at ? '&archived=yes' : ''}`,
              word: archived_at ? words.unarchive : words.archive,
            },
          ]}
        />
      ),
    },
  ]
  return (
    <Table
      label={words.title}
      columns={may ? columns : columns.slice(0, -1)}
      rows={topics}
      rowKey={({ id }) => id}
      muted={({ archived_at }) => archived_at !== null}
    />
  )
}
