import { Button, Menu, SegmentedControl, VisuallyHidden } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type KeyboardEvent, type RefObject, useEffect, useId, useMemo, useRef, useState } from 'react'
import { useAttempt } from '../api/attempt.ts'
import { call } from '../api/client.ts'
import {
  agentsQuery,
  cannedForQuery,
  countsQuery,
  type TalkDetail,
  type TalkState,
  talkPath,
  talkQuery,
} from '../api/inbox.ts'
import { showNumber } from '../format/phone.ts'
import { remains } from '../format/remains.ts'
import { IconMore, IconNote, IconSend } from '../icons.ts'
import { MarkedText } from '../send/MarkedText.tsx'
import { Meter } from '../send/Meter.tsx'
import { measure } from '../send/measure.ts'
import { Problem } from '../show/Problem.tsx'
import { useSpeech } from '../strings/language.tsx'
import css from './Composer.module.css'
import { keepUnsent, readUnsent, type Unsent } from './drafts.ts'
import { Suggest, type Suggestion } from './Suggest.tsx'
import { type Asked, askedAt, fitting, replaceAsked } from './suggest.ts'
import { Warnings } from './Warnings.tsx'
import { whoIs } from './who.ts'

interface ComposerProps {
  talk: TalkDetail
  fieldRef: RefObject<HTMLTextAreaElement | null>
  modeRef: RefObject<((mode: Unsent['mode']) => void) | null>
  onTyping: () => void
  onSent: (state: TalkState) => void
}

type Kept = 'waiting' | 'open' | 'closed'

const apple = /Mac|iPhone|iPad/.test(navigator.userAgent)
const sendKeys = apple ? '⌘ ⏎' : 'Ctrl + Enter'

/** An answer or a note. Says what it costs and what stands against it before it goes. */
export function Composer({ talk, fieldRef, modeRef, onTyping, onSent }: ComposerProps) {
  const { t } = useSpeech()
  const words = t.inbox.compose
  const client = useQueryClient()
  const id = useId()
  const [unsent, setUnsent] = useState(() => readUnsent(talk.id))
  const [asked, setAsked] = useState<Asked>()
  const [active, setActive] = useState(0)
  const [said, setSaid] = useState('')
  const [empty, setEmpty] = useState(false)
  const named = useRef(new Map<string, string>())
  const attempt = useAttempt()
  const { mode, text } = unsent
  const measured = useMemo(() => measure(text, 'auto'), [text])
  const { data: canned = [] } = useQuery({ ...cannedForQuery(talk.id), enabled: asked?.kind === 'canned' })
  const { data: agents = [] } = useQuery({ ...agentsQuery, enabled: mode === 'note' })

  const keep = (next: Unsent) => {
    setUnsent(next)
    keepUnsent(talk.id, next)
  }
  modeRef.current = (next) => keep({ ...unsent, mode: next })

  const send = useMutation({
    mutationFn: ({ state, mode, text }: Unsent & { state: Kept }) => {
      if (mode === 'note') {
        const mentions = [...named.current].flatMap(([name, agent]) =>
          text.includes(`@${name}`) ? [agent] : [],
        )
        return call<TalkDetail>(talkPath(talk.id, '/notes'), { method: 'POST', body: { text, mentions } })
      }
      return attempt<TalkDetail>(talkPath(talk.id, '/messages'), { text, state })
    },
    onSuccess: (next, sent) => {
      named.current.clear()
      // What was typed while it was on its way stays.
      const typed = remains(text, sent.text)
      keep({ mode: typed ? mode : 'reply', text: typed })
      setSaid(sent.mode === 'note' ? words.noted : words.sent)
      client.setQueryData(talkQuery(talk.id).queryKey, next)
      void client.invalidateQueries({ queryKey: ['inbox', 'list'] })
      void client.invalidateQueries({ queryKey: countsQuery.queryKey })
    },
  })
  const submit = (state: Kept = 'waiting') => {
    if (send.isPending) return
    setEmpty(text.trim() === '')
    if (text.trim() === '') fieldRef.current?.focus()
    // Whoever has gone on to another conversation meanwhile stays there.
    else send.mutate({ state, mode, text }, { onSuccess: () => mode === 'reply' && onSent(state) })
  }

  const rows: Suggestion[] = !asked
    ? []
    : asked.kind === 'canned'
      ? fitting(canned, asked.typed).map((each) => ({
          id: each.id,
          name: `/${each.shortcut}`,
          text: each.text,
        }))
      : agents
          .filter(({ name }) => name.toLowerCase().startsWith(asked.typed.toLowerCase()))
          .slice(0, 8)
          .map((each) => ({ id: each.id, name: `@${each.name}`, text: '' }))
  const choose = (at: number) => {
    const row = rows[at]
    if (!row || !asked) return
    const filled = canned.find((each) => each.id === row.id)
    if (asked.kind === 'mention') named.current.set(row.name.slice(1), row.id)
    const next = replaceAsked(text, asked, filled ? filled.text : `${row.name} `)
    keep({ mode, text: next.text })
    setAsked(undefined)
    requestAnimationFrame(() => fieldRef.current?.setSelectionRange(next.cursor, next.cursor))
  }

  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (asked && rows.length > 0) {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
      if (step) {
        event.preventDefault()
        setActive((active + step + rows.length) % rows.length)
        return
      }
      if ((event.key === 'Enter' && !event.ctrlKey && !event.metaKey) || event.key === 'Tab') {
        event.preventDefault()
        choose(active)
        return
      }
    }
    if (event.key === 'Escape') {
      event.stopPropagation()
      if (asked) setAsked(undefined)
      else event.currentTarget.blur()
    }
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
    event.preventDefault()
    submit()
  }
  const change = (next: string) => {
    keep({ mode, text: next })
    setEmpty(false)
    setSaid('')
    if (send.isError) send.reset()
    onTyping()
    const cursor = fieldRef.current?.selectionStart ?? next.length
    setAsked(askedAt(next, cursor, mode === 'note' ? ['mention'] : ['canned']))
    setActive(0)
  }
  useEffect(() => {
    if (text === '') setAsked(undefined)
  }, [text])

  const note = mode === 'note'
  const listId = `${id}-suggest`
  return (
    <form
      className={css.composer}
      data-note={note || undefined}
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
    >
      <div className={css.top}>
        <SegmentedControl
          size="xs"
          value={mode}
          onChange={(next) => keep({ ...unsent, mode: next as Unsent['mode'] })}
          data={[
            { value: 'reply', label: words.reply },
            { value: 'note', label: words.note },
          ]}
        />
        <span className={css.from}>
          {note ? null : talk.sender ? t.inbox.talk.from(showNumber(talk.sender)) : words.noSender}
        </span>
      </div>
      {!note && <Warnings talk={talk} text={text} measured={measured} />}
      <div className={css.field}>
        {asked && (asked.kind === 'canned' || rows.length > 0) && (
          <Suggest
            id={listId}
            label={asked.kind === 'canned' ? words.suggestions : words.people}
            rows={rows}
            active={active}
            onChoose={choose}
          />
        )}
        <MarkedText
          ref={fieldRef}
          compact
          label={note ? words.noteLabel : words.replyLabel(whoIs(talk))}
          placeholder={note ? words.notePlaceholder : words.placeholder}
          value={text}
          onChange={change}
          marks={note ? [] : measured.marks}
          error={empty ? words.empty : undefined}
          describedBy={`${id}-meter`}
          area={{
            onKeyDown,
            onBlur: () => setAsked(undefined),
            ...(asked &&
              rows.length > 0 && {
                'aria-controls': listId,
                'aria-activedescendant': `${listId}-${active}`,
                'aria-autocomplete': 'list' as const,
              }),
          }}
        />
      </div>
      {send.isError && <Problem error={send.error} note={t.compose.safe} onRetry={() => submit()} />}
      <div className={css.foot}>
        <div className={css.meter} id={`${id}-meter`}>
          {!note && text !== '' && (
            <Meter
              id={`${id}-segments`}
              empty={false}
              measured={measured}
              price={talk.price}
              onReplace={change}
            />
          )}
        </div>
        <div className={css.act}>
          <span className={css.keys}>{words.shortcut(sendKeys)}</span>
          <Button.Group>
            <Button
              type="submit"
              leftSection={note ? <IconNote size={17} /> : <IconSend size={17} />}
              aria-disabled={send.isPending}
            >
              {send.isPending ? words.sending : note ? words.saveNote : words.send}
            </Button>
            {!note && (
              <Menu position="top-end" withinPortal>
                <Menu.Target>
                  <Button aria-label={words.sendMore} px={8} className={css.more ?? ''}>
                    <IconMore size={17} />
                  </Button>
                </Menu.Target>
                <Menu.Dropdown>
                  <Menu.Item onClick={() => submit('closed')}>{words.sendAndClose}</Menu.Item>
                  <Menu.Item onClick={() => submit('open')}>{words.keepOpen}</Menu.Item>
                </Menu.Dropdown>
              </Menu>
            )}
          </Button.Group>
        </div>
      </div>
      <VisuallyHidden aria-live="polite">{said}</VisuallyHidden>
    </form>
  )
}
