import { Anchor, Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useMay } from '../api/access.ts'
import { call } from '../api/client.ts'
import { type Contact, contactPath, mergesQuery, undoMerge } from '../api/contacts.ts'
import { type Duplicate, duplicatesQuery } from '../api/upkeep.ts'
import { showNumber } from '../format/phone.ts'
import { Answer, Back, Card, Empty, Page } from '../show/Page.tsx'
import { Problem } from '../show/Problem.tsx'
import { useSpeech } from '../strings/language.tsx'
import css from './People.module.css'

/** Who was made one here: kept on screen with the way back, for the suggestion itself is gone. */
interface Merged {
  kept: Contact
  name: string
  count: number
  parted: boolean
}

/** People who may be one, group by group. */
export default function DuplicatesPage() {
  const { t } = useSpeech()
  const words = t.upkeep.duplicates
  const query = useQuery(duplicatesQuery)
  const [merged, setMerged] = useState<readonly Merged[]>([])
  return (
    <Page title={words.title} lead={words.lead} back={<Back to="/people">{words.back}</Back>}>
      {merged.map((each) => (
        <Done
          key={each.kept.id}
          merged={each}
          onParted={() =>
            setMerged(merged.map((other) => (other === each ? { ...each, parted: true } : other)))
          }
        />
      ))}
      <Answer query={query}>
        {(groups) =>
          groups.length === 0 ? (
            <div className="sheet">
              <Empty
                title={words.emptyTitle}
                text={words.empty}
                curl={{ title: words.curl, path: '/v1/contact-duplicates' }}
              />
            </div>
          ) : (
            <>
              <p className={css.words}>{words.note}</p>
              {groups.map((group) => (
                <Group
                  key={group.by + group.value}
                  group={group}
                  onMerged={(each) =>
                    setMerged([...merged.filter(({ kept }) => kept.id !== each.kept.id), each])
                  }
                />
              ))}
            </>
          )
        }
      </Answer>
    </Page>
  )
}

/** What they share, as the first of them writes it: it was compared without case and signs. */
const shown = ({ by, value, contacts: [first] }: Duplicate): string =>
  (by === 'name' ? first?.name : by === 'external_id' ? first?.external_id : showNumber(value)) ?? value

/** Both pages and lists show other people afterwards. */
const stale = [['contact-duplicates'], ['contact'], ['contacts'], ['lists']]
function useStale() {
  const client = useQueryClient()
  return () => Promise.all(stale.map((queryKey) => client.invalidateQueries({ queryKey })))
}

function Group({ group, onMerged }: { group: Duplicate; onMerged: (merged: Merged) => void }) {
  const { t } = useSpeech()
  const words = t.upkeep.duplicates
  const { mayChange } = useMay()
  const renew = useStale()
  const merge = useMutation({
    mutationFn: (kept: Contact) =>
      call<Contact>(`${contactPath(kept.id)}/merge`, {
        method: 'POST',
        body: { others: group.contacts.filter(({ id }) => id !== kept.id).map(({ id }) => id) },
      }),
    onSuccess: (kept, { name, external_id }) => {
      onMerged({
        ...{ kept, parted: false, count: group.contacts.length - 1 },
        name: name ?? external_id ?? t.people.nameless,
      })
      return renew()
    },
  })
  return (
    <Card title={words.by[group.by]?.(shown(group)) ?? group.value}>
      <ul className={css.rows}>
        {group.contacts.map((person) => {
          const { id, name, external_id, addresses, tags } = person
          const called = name ?? external_id ?? t.people.nameless
          return (
            <li key={id}>
              <span>
                <Anchor component={Link} to={`/people/${id}`} fw={560} underline="hover">
                  {called}
                </Anchor>{' '}
                <span className={css.faint}>
                  {[name && external_id, ...addresses.map(({ address }) => showNumber(address)), ...tags]
                    .filter(Boolean)
                    .join(', ')}
                </span>
              </span>
              {mayChange('contacts') && (
                <Button
                  size="compact-sm"
                  variant="default"
                  aria-label={words.keepName(
                    [called, addresses[0] && showNumber(addresses[0].address)].filter(Boolean).join(', '),
                  )}
                  loading={merge.isPending && merge.variables.id === id}
                  aria-disabled={merge.isPending}
                  onClick={() => !merge.isPending && merge.mutate(person)}
                >
                  {words.keep}
                </Button>
              )}
            </li>
          )
        })}
      </ul>
      {merge.error && <Problem error={merge.error} />}
    </Card>
  )
}

function Done({ merged, onParted }: { merged: Merged; onParted: () => void }) {
  const { t } = useSpeech()
  const words = t.upkeep.duplicates
  const client = useQueryClient()
  const renew = useStale()
  const { kept, name, count, parted } = merged
  const undo = useMutation({
    // The last one first: each merge remembers what was before it.
    mutationFn: async () => {
      const merges = await client.fetchQuery({ ...mergesQuery(kept.id), staleTime: 0 })
      for (const { id } of merges.toSorted((a, b) => (a.id < b.id ? 1 : -1)).slice(0, count))
        await undoMerge(id)
    },
    onSuccess: () => {
      onParted()
      return renew()
    },
  })
  return (
    <Card title={name} mark={parted ? 'waiting' : 'delivered'}>
      <div className={css.form}>
        <p className={css.words} role="status">
          {parted ? words.parted : words.merged(name)}
        </p>
        {undo.error && <Problem error={undo.error} />}
        <div className={css.act}>
          {!parted && (
            <Button
              size="compact-sm"
              variant="default"
              loading={undo.isPending}
              onClick={() => undo.mutate()}
            >
              {words.undo}
            </Button>
          )}
          <Anchor component={Link} to={`/people/${kept.id}`}>
            {words.page}
          </Anchor>
        </div>
      </div>
    </Card>
  )
}
