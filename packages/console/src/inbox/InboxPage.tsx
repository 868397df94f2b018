import { ActionIcon } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import { useMay } from '../api/access.ts'
import { call } from '../api/client.ts'
import { countsQuery, type TalkDetail, talkPath, talkQuery, teamsQuery } from '../api/inbox.ts'
import { useEvents } from '../api/live.tsx'
import { IconAdd, IconHelp } from '../icons.ts'
import { useTitle } from '../show/useTitle.ts'
import { useSpeech } from '../strings/language.tsx'
import { Begin } from './Begin.tsx'
import { DoneBar } from './DoneBar.tsx'
import { moveUnsent, type Unsent } from './drafts.ts'
import { Help } from './Help.tsx'
import css from './Inbox.module.css'
import type { KeyAct } from './keys.ts'
import { List } from './List.tsx'
import { Nothing } from './Nothing.tsx'
import { neighbour } from './order.ts'
import { type MenuName, TalkPane } from './TalkPane.tsx'
import { useActs } from './useActs.ts'
import { useKeys } from './useKeys.ts'
import { useTalks } from './useTalks.ts'
import { Views } from './Views.tsx'

const route = getRouteApi('/inbox')

/** Where agents live: what there is, which ones, and one of them. The address bar holds all three. */
export default function InboxPage() {
  const { t } = useSpeech()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const client = useQueryClient()
  const { data: counts } = useQuery(countsQuery)
  const { data: teams } = useQuery(teamsQuery)
  const talks = useTalks(search, search.talk !== undefined)
  const acts = useActs(() => talks.refresh())
  const may = useMay().mayChange('inbox')
  const [menu, setMenu] = useState<MenuName>()
  const [help, setHelp] = useState(false)
  const [begins, setBegins] = useState(false)
  const searchField = useRef<HTMLInputElement>(null)
  const field = useRef<HTMLTextAreaElement>(null)
  const mode = useRef<((mode: Unsent['mode']) => void) | null>(null)
  useTitle(t.inbox.title)

  const open = (talk: string | undefined, replace = false) => {
    setMenu(undefined)
    const { talk: _, ...rest } = search
    void navigate({ search: talk ? { ...rest, talk } : rest, resetScroll: false, replace })
  }
  // Somebody else has made it part of another: whoever reads it goes on there.
  useEvents((events) => {
    for (const { type, data } of events) {
      if (type !== 'inbox.merged' || !search.talk || data.merged_id !== search.talk) continue
      moveUnsent(search.talk, String(data.conversation_id))
      open(String(data.conversation_id), true)
    }
  })
  /** The next one moves up when the one before has been dealt with. */
  const leave = (id: string) => {
    const { ids } = talks.shown
    const next = neighbour(ids, id, 1) ?? neighbour(ids, id, -1)
    if (search.q === undefined && search.view !== 'closed') talks.drop(id)
    open(next, true)
  }
  const write = (which: Unsent['mode']) => {
    mode.current?.(which)
    field.current?.focus()
  }

  const current = (): TalkDetail | undefined =>
    search.talk ? client.getQueryData<TalkDetail>(talkQuery(search.talk).queryKey) : undefined
  const withTalk = (work: (talk: TalkDetail) => void) => (): boolean => {
    const talk = current()
    if (!talk || !may) return false
    work(talk)
    return true
  }
  const byKey: Record<KeyAct, () => unknown> = {
    next: () => open(neighbour(talks.shown.ids, search.talk, 1) ?? search.talk, true),
    previous: () => open(neighbour(talks.shown.ids, search.talk, -1) ?? search.talk, true),
    reply: withTalk(() => write('reply')),
    note: withTalk(() => write('note')),
    close: withTalk((talk) => {
      if (talk.state === 'closed') acts.reopen(talk)
      else {
        acts.close(talk)
        leave(talk.id)
      }
    }),
    snooze: withTalk((talk) => talk.state !== 'closed' && setMenu('snooze')),
    assign: withTalk(() => setMenu('assign')),
    mine: withTalk((talk) => acts.giveTo(talk, 'me')),
    unread: withTalk((talk) => {
      open(undefined)
      const count = Math.max(0, talk.inbound_count - 1)
      call(talkPath(talk.id, '/read'), { method: 'POST', body: { count } }).then(
        () => void client.invalidateQueries({ queryKey: ['inbox'] }),
        (error: unknown) => acts.say({ text: t.inbox.done.failed, error }),
      )
    }),
    undo: () => void acts.undo(),
    search: () => searchField.current?.focus(),
    help: () => setHelp(true),
    back: () => (search.talk ? open(undefined) : false),
  }
  useKeys((act) => byKey[act]() !== false)

  const ever = counts !== undefined && counts.open + counts.waiting + counts.snoozed > 0
  return (
    <div className={css.inbox} data-open={search.talk !== undefined || undefined}>
      <Views search={search} />
      <div className={css.list}>
        <div className={css.tools}>
          {may && (
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={t.inbox.empty.begin}
              title={t.inbox.empty.begin}
              onClick={() => setBegins(true)}
            >
              <IconAdd size={18} />
            </ActionIcon>
          )}
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={t.inbox.help.title}
            title={`${t.inbox.help.title} (?)`}
            onClick={() => setHelp(true)}
          >
            <IconHelp size={18} />
          </ActionIcon>
        </div>
        <List
          search={search}
          talks={talks}
          searchRef={searchField}
          teamName={teams?.find(({ id }) => id === search.team)?.name}
          youId={counts?.you.id}
          empty={<Nothing search={search} ever={ever} />}
        />
      </div>
      {search.talk ? (
        <TalkPane
          key={search.talk}
          id={search.talk}
          search={search}
          acts={acts}
          menu={menu}
          onMenu={setMenu}
          fieldRef={field}
          modeRef={mode}
          onLeft={leave}
          onMerged={(into) => {
            if (search.talk && search.talk !== into) talks.drop(search.talk)
            open(into, true)
            acts.say({ text: t.inbox.merge.done })
          }}
        />
      ) : (
        <div className={css.none}>
          <h2>{t.inbox.empty.none}</h2>
          <p>{t.inbox.empty.noneText}</p>
        </div>
      )}
      <DoneBar acts={acts} />
      <Help opened={help} onClose={() => setHelp(false)} />
      <Begin
        opened={begins}
        onClose={() => setBegins(false)}
        onBegun={(id) => {
          setBegins(false)
          open(id)
        }}
      />
    </div>
  )
}
