import { Button, TextInput, VisuallyHidden } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, type KeyboardEvent, useId, useMemo, useRef, useState } from 'react'
import { useAttempt } from '../api/attempt.ts'
import { ApiError } from '../api/client.ts'
import type { Accepted, DraftBody } from '../api/types.ts'
import { bareNumber, looksDialable, showNumber } from '../format/phone.ts'
import { remains } from '../format/remains.ts'
import { IconSend } from '../icons.ts'
import { Curl } from '../show/Curl.tsx'
import { Fold } from '../show/Fold.tsx'
import { Problem, problemText } from '../show/Problem.tsx'
import { useSpeech } from '../strings/language.tsx'
import css from './Composer.module.css'
import { changeDraft, draftBody, useDraft } from './draft.ts'
import { Hints } from './Hints.tsx'
import { MarkedText } from './MarkedText.tsx'
import { Meter } from './Meter.tsx'
import { measure } from './measure.ts'
import { Options } from './Options.tsx'
import { usePrice } from './usePrice.ts'

interface ComposerProps {
  onAccepted: (message: Accepted) => void
  /** A recipient is settled: the field was left, or the message went out. */
  onRecipient: (number: string) => void
}

const apple = /Mac|iPhone|iPad/.test(navigator.userAgent)
const keys = apple ? '⌘ ⏎' : 'Ctrl + Enter'

/** API errors that belong to one field are shown at it. */
const fieldOf: Record<string, 'to' | 'text'> = {
  invalid_number: 'to',
  text_empty: 'text',
  text_too_long: 'text',
  text_not_encodable: 'text',
}

export function Composer({ onAccepted, onRecipient }: ComposerProps) {
  const { t, format } = useSpeech()
  const draft = useDraft()
  const [missing, setMissing] = useState<'to' | 'text'>()
  const [sentBody, setSentBody] = useState<DraftBody>()
  const toRef = useRef<HTMLInputElement>(null)
  const textRef = useRef<HTMLTextAreaElement>(null)
  const meterId = useId()
  const attempt = useAttempt()
  const send = useMutation({
    mutationFn: (body: DraftBody) => attempt<Accepted>('/v1/messages', body),
    onSuccess: (accepted, body) => {
      setSentBody(body)
      // What was typed while it was on its way stays.
      changeDraft({ text: remains(textRef.current?.value ?? '', body.text), sendAt: '' })
      onRecipient(accepted.to)
      onAccepted(accepted)
      textRef.current?.focus({ preventScroll: true })
    },
  })

  const measured = useMemo(() => measure(draft.text, draft.encoding), [draft.text, draft.encoding])
  const body = draftBody(draft)
  const price = usePrice(body)
  const field = send.error instanceof ApiError ? fieldOf[send.error.code] : undefined
  const fieldError = (name: 'to' | 'text', empty: string) =>
    missing === name ? empty : field === name ? problemText(send.error, t) : undefined

  const submit = () => {
    if (send.isPending) return
    const lacks = !body.to ? 'to' : !draft.text ? 'text' : undefined
    setMissing(lacks)
    if (lacks === 'to') toRef.current?.focus()
    else if (lacks === 'text') textRef.current?.focus()
    else send.mutate(body)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
    event.preventDefault()
    submit()
  }
  const change = (next: Parameters<typeof changeDraft>[0]) => {
    changeDraft(next)
    setMissing(undefined)
    if (send.isError) send.reset()
  }

  const who = showNumber(body.to)
  const named = looksDialable(draft.to)
  const action = send.isPending
    ? t.compose.sending
    : body.send_at
      ? t.compose.schedule(who, format.moment(body.send_at))
      : named
        ? t.compose.sendTo(who)
        : t.compose.send
  const example = sentBody ?? { ...body, text: t.compose.example }

  return (
    <section className={`sheet ${css.composer}`} aria-labelledby={`${meterId}-title`}>
      <h1 className={css.head} id={`${meterId}-title`}>
        {t.compose.title}
      </h1>
      <form
        style={{ display: 'contents' }}
        onSubmit={(event: FormEvent) => {
          event.preventDefault()
          submit()
        }}
        onKeyDown={onKeyDown}
      >
        <TextInput
          ref={toRef}
          label={t.compose.to}
          description={named ? undefined : t.compose.toHint}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          size="md"
          type="tel"
          autoComplete="off"
          value={draft.to}
          error={fieldError('to', t.compose.noNumber)}
          onChange={(event) => change({ to: event.currentTarget.value })}
          onBlur={() => {
            const number = bareNumber(draft.to)
            if (!looksDialable(number)) return
            changeDraft({ to: showNumber(number) })
            onRecipient(number)
          }}
        />
        <div>
          <MarkedText
            ref={textRef}
            label={t.compose.text}
            placeholder={t.compose.placeholder}
            value={draft.text}
            onChange={(text) => change({ text })}
            marks={measured.marks}
            error={fieldError('text', t.compose.noText)}
            describedBy={meterId}
          />
          <Meter
            id={meterId}
            empty={draft.text === ''}
            measured={measured}
            price={price}
            onReplace={(text) => {
              change({ text })
              textRef.current?.focus()
            }}
          />
          <Hints draft={lintable(body)} />
        </div>
        <Fold
          title={t.compose.options}
          open={Boolean(draft.from || draft.sendAt || draft.encoding !== 'auto')}
        >
          <Options draft={draft} />
        </Fold>
        {send.isError && !field && <Problem error={send.error} note={t.compose.safe} onRetry={submit} />}
        <div className={css.act}>
          <Button type="submit" size="md" leftSection={<IconSend size={18} />} aria-disabled={send.isPending}>
            {action}
          </Button>
          <span className={css.keys}>{t.compose.shortcut(keys)}</span>
          <VisuallyHidden aria-live="polite">
            {send.isSuccess && t.compose.done(showNumber(send.data.to))}
          </VisuallyHidden>
        </div>
      </form>
      <Curl method="POST" path="/v1/messages" body={draft.text ? body : example} />
    </section>
  )
}

/** Of a draft what the linter looks at. */
const lintable = ({ text, to, from, lane }: DraftBody) => ({
  ...{ text, to: to.slice(0, 32) },
  ...(from && { from }),
  ...(lane && { lane }),
})
