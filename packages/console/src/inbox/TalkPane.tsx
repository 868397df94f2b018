import { ActionIcon, Button } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type RefObject, useEffect, useRef, useState } from 'react'
import { useMay } from '../api/access.ts'
import { call } from '../api/client.ts'
import { type Counts, countsQuery, talkPath, talkQuery } from '../api/inbox.ts'
import { showNumber } from '../format/phone.ts'
import { IconBack, IconDone, IconPerson, IconRetry } from '../icons.ts'
import { Dialog } from '../show/Dialog.tsx'
import { Answer } from '../show/Page.tsx'
import { useSpeech } from '../strings/language.tsx'
import { AnsweredBy } from './AnsweredBy.tsx'
import { AssignMenu } from './AssignMenu.tsx'
import { Composer } from './Composer.tsx'
import type { Unsent } from './drafts.ts'
import { Flags } from './Flags.tsx'
import { MergeTalks } from './MergeTalks.tsx'
import { Panel } from './Panel.tsx'
import { Present } from './Present.tsx'
import { SnoozeMenu } from './SnoozeMenu.tsx'
import type { InboxSearch } from './search.ts'
import css from './Talk.module.css'
import { Thread } from './Thread.tsx'
import type { Acts } from './useActs.ts'
import { usePresence } from './usePresence.ts'
import { whoIs } from './who.ts'

export type MenuName = 'snooze' | 'assign'

interface TalkProps {
  id: string
  search: InboxSearch
  acts: Acts
  menu: MenuName | undefined
  onMenu: (menu: MenuName | undefined) => void
  fieldRef: RefObject<HTMLTextAreaElement | null>
  modeRef: RefObject<((mode: Unsent['mode']) => void) | null>
  /** It left the view by what was done with it here. */
  onLeft: (id: string) => void
  /** It is part of this one now. */
  onMerged: (into: string) => void
}

/** One conversation: what was said, what can be done, and who it is. */
export function TalkPane({ id, search, acts, menu, onMenu, fieldRef, modeRef, onLeft, onMerged }: TalkProps) {
  const { t, format } = useSpeech()
  const query = useQuery(talkQuery(id))
  const client = useQueryClient()
  const you = client.getQueryData<Counts>(countsQuery.queryKey)?.you.id
  const [details, setDetails] = useState(false)
  const [merges, setMerges] = useState(false)
  const may = useMay().mayChange('inbox')
  const typing = usePresence(id)
  useSeen(may, id, query.data?.inbound_count, query.data?.unread, query.data?.mentions)
  const { talk: _, ...list } = search
  const merge = may
    ? () => {
        setDetails(false)
        setMerges(true)
      }
    : undefined

  return (
    <section
      className={css.talk}
      aria-label={query.data ? t.inbox.talk.label(whoIs(query.data)) : t.inbox.title}
    >
      <Answer query={query}>
        {(talk) => (
          <>
            <div className={css.main}>
              <header className={css.head}>
                <ActionIcon
                  component={Link}
                  to="/inbox"
                  search={list as never}
                  resetScroll={false}
                  className={css.back ?? ''}
                  variant="subtle"
                  color="gray"
                  size="lg"
                  aria-label={t.inbox.talk.back}
                >
                  <IconBack size={20} />
                </ActionIcon>
                <div className={css.who}>
                  <h1>{whoIs(talk)}</h1>
                  <p>
                    {talk.person.name && <span className="mono">{showNumber(talk.address)} · </span>}
                    {t.inbox.state[talk.state]}
                    {talk.snoozed_until && ` ${t.inbox.until(format.moment(talk.snoozed_until))}`}
                  </p>
                </div>
                <div className={css.acts}>
                  {may && !talk.assignee && talk.state !== 'closed' && (
                    <Button
                      size="compact-sm"
                      variant="default"
                      onClick={() => acts.giveTo(talk, 'me')}
                      aria-disabled={acts.busy}
                    >
                      {t.inbox.talk.take}
                    </Button>
                  )}
                  {may && (
                    <AssignMenu
                      talk={talk}
                      youId={you}
                      opened={menu === 'assign'}
                      onOpened={(open) => onMenu(open ? 'assign' : undefined)}
                      onPerson={(person) => acts.giveTo(talk, person)}
                      onTeam={(team) => acts.giveToTeam(talk, team)}
                    />
                  )}
                  {!may ? null : talk.state === 'closed' ? (
                    <Button
                      size="compact-sm"
                      variant="default"
                      leftSection={<IconRetry size={15} />}
                      onClick={() => acts.reopen(talk)}
                    >
                      {t.inbox.talk.reopen}
                    </Button>
                  ) : (
                    <>
                      <SnoozeMenu
                        opened={menu === 'snooze'}
                        onOpened={(open) => onMenu(open ? 'snooze' : undefined)}
                        onSnooze={(until) => {
                          acts.snooze(talk, until)
                          onLeft(id)
                        }}
                      />
                      <Button
                        size="compact-sm"
                        variant="default"
                        leftSection={<IconDone size={15} />}
                        onClick={() => {
                          acts.close(talk)
                          onLeft(id)
                        }}
                      >
                        {t.inbox.talk.close}
                      </Button>
                    </>
                  )}
                  <ActionIcon
                    className={css.details ?? ''}
                    variant="default"
                    size={26}
                    aria-label={t.inbox.talk.details}
                    title={t.inbox.talk.details}
                    aria-expanded={details}
                    onClick={() => setDetails(true)}
                  >
                    <IconPerson size={16} />
                  </ActionIcon>
                </div>
              </header>
              <Flags talk={talk} may={may} />
              <AnsweredBy talk={talk} />
              <Thread key={`thread ${id}`} talk={talk} youId={you} />
              <Present present={talk.present} />
              {may && (
                <Composer
                  key={`composer ${id}`}
                  talk={talk}
                  fieldRef={fieldRef}
                  modeRef={modeRef}
                  onTyping={typing}
                  onSent={(state) => {
                    if (state === 'closed') onLeft(id)
                  }}
                />
              )}
            </div>
            <aside className={css.side} aria-label={t.inbox.panel.title}>
              <Panel talk={talk} youId={you} onMerge={merge} />
            </aside>
            <Dialog
              side
              opened={details}
              onClose={() => setDetails(false)}
              title={t.inbox.panel.title}
              close={t.inbox.help.close}
            >
              <Panel talk={talk} youId={you} onMerge={merge} />
            </Dialog>
            <Dialog
              opened={merges}
              onClose={() => setMerges(false)}
              title={t.inbox.merge.title}
              close={t.inbox.merge.cancel}
            >
              <MergeTalks
                talk={talk}
                onMerged={(into) => {
                  setMerges(false)
                  onMerged(into)
                }}
                onDone={() => setMerges(false)}
              />
            </Dialog>
          </>
        )}
      </Answer>
    </section>
  )
}

/** What is on screen in a tab that somebody looks at is seen. */
function useSeen(
  may: boolean,
  id: string,
  count: number | undefined,
  unread: number | undefined,
  mentions: number | undefined,
) {
  const client = useQueryClient()
  const told = useRef('')
  useEffect(() => {
    // Whoever may only read leaves no trace: then it stays unread for them.
    if (!may || count === undefined || (!unread && !mentions)) return
    const see = () => {
      const what = `${id} ${count} ${mentions}`
      if (document.visibilityState !== 'visible' || told.current === what) return
      told.current = what
      call(talkPath(id, '/read'), { method: 'POST', body: { count } }).then(
        () => void client.invalidateQueries({ queryKey: ['inbox'] }),
        () => {},
      )
    }
    see()
    document.addEventListener('visibilitychange', see)
    return () => document.removeEventListener('visibilitychange', see)
  }, [client, may, id, count, unread, mentions])
}
