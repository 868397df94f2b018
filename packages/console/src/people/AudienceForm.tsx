import { Button, NativeSelect, SimpleGrid, Textarea, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { type FormEvent, useId, useState } from 'react'
import { useAttempt } from '../api/attempt.ts'
import { call } from '../api/client.ts'
import { topicsQuery } from '../api/consent.ts'
import { type Audience, type AudiencePreview, listsQuery, segmentsQuery } from '../api/contacts.ts'
import { fieldErrors } from '../carriers/problems.ts'
import { showNumber } from '../format/phone.ts'
import { IconSend } from '../icons.ts'
import { Meter } from '../send/Meter.tsx'
import { measure } from '../send/measure.ts'
import { Card } from '../show/Page.tsx'
import { Problem } from '../show/Problem.tsx'
import { useFaulty } from '../show/useFaulty.ts'
import { useSpeech } from '../strings/language.tsx'
import css from './People.module.css'

interface FormProps {
  /** A list or a segment to begin with. */
  first: string | undefined
  onSent: (id: string) => void
  onLeave: () => void
}

/** To whom, about what, which text; then what it would come to; then the button that names the act. */
export function AudienceForm({ first, onSent, onLeave }: FormProps) {
  const { t, language } = useSpeech()
  const words = t.people.audiences
  const meter = useId()
  const { data: lists = [] } = useQuery(listsQuery)
  const { data: segments = [] } = useQuery(segmentsQuery)
  const { data: topics = [] } = useQuery(topicsQuery)
  const [to, setTo] = useState(first ?? '')
  const [topic, setTopic] = useState('')
  const [lane, setLane] = useState('marketing')
  const [text, setText] = useState('')
  const [name, setName] = useState('')
  const [sendAt, setSendAt] = useState('')
  const body = {
    ...(to.startsWith('seg_') ? { segment: to } : { list: to }),
    ...(topic ? { topic } : { lane }),
    text,
  }
  const attempt = useAttempt()
  const check = useMutation({
    mutationFn: () =>
      call<AudiencePreview>('/v1/audiences/preview', { method: 'POST', body: { ...body, language } }),
  })
  const send = useMutation({
    mutationFn: () =>
      attempt<Audience>('/v1/audiences', {
        ...body,
        ...(name.trim() && { name: name.trim() }),
        ...(sendAt && { send_at: new Date(sendAt).toISOString() }),
      }),
  })
  const errors = fieldErrors(check.error, t)
  const form = useFaulty(check.error)
  const changed = () => {
    check.reset()
    send.reset()
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (to && text.trim()) check.mutate()
  }
  return (
    <>
      <Card title={words.add}>
        <form ref={form} className={css.form} onSubmit={submit} noValidate>
          <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md">
            <NativeSelect
              label={words.to}
              value={to}
              error={errors.segment}
              onChange={(event) => {
                setTo(event.currentTarget.value)
                changed()
              }}
              data={[
                { value: '', label: words.choose },
                { group: words.listGroup, items: lists.map(({ id, name }) => ({ value: id, label: name })) },
                {
                  group: words.segmentGroup,
                  items: segments.map(({ id, name }) => ({ value: id, label: name })),
                },
              ]}
            />
            <NativeSelect
              label={words.topic}
              description={words.topicHint}
              inputWrapperOrder={['label', 'input', 'description', 'error']}
              value={topic}
              onChange={(event) => {
                setTopic(event.currentTarget.value)
                changed()
              }}
              data={[
                { value: '', label: words.noTopic },
                ...topics
                  .filter(({ archived_at }) => archived_at === null)
                  .map(({ id, name }) => ({ value: id, label: name })),
              ]}
            />
            {!topic && (
              <NativeSelect
                label={words.lane}
                value={lane}
                onChange={(event) => {
                  setLane(event.currentTarget.value)
                  changed()
                }}
                data={Object.entries(words.lanes).map(([value, label]) => ({ value, label }))}
              />
            )}
            <TextInput
              label={words.name}
              maxLength={100}
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
            />
            <TextInput
              label={words.sendAt}
              type="datetime-local"
              value={sendAt}
              onChange={(event) => setSendAt(event.currentTarget.value)}
            />
          </SimpleGrid>
          <div>
            <Textarea
              label={words.text}
              description={words.textHint}
              inputWrapperOrder={['label', 'input', 'description', 'error']}
              autosize
              minRows={3}
              aria-describedby={meter}
              value={text}
              error={errors.text}
              onChange={(event) => {
                setText(event.currentTarget.value)
                changed()
              }}
            />
            <Meter
              id={meter}
              empty={text === ''}
              measured={measure(text, 'auto')}
              onReplace={(next) => {
                setText(next)
                changed()
              }}
            />
          </div>
          {check.error && <Problem error={check.error} marked={Object.keys(errors).length > 0} />}
          {!check.data && (
            <div className={css.act}>
              <Button type="submit" loading={check.isPending} disabled={!to || !text.trim()}>
                {words.check}
              </Button>
              <Button variant="default" onClick={onLeave}>
                {t.people.form.cancel}
              </Button>
            </div>
          )}
        </form>
      </Card>
      {check.data && (
        <Checked
          preview={check.data}
          busy={send.isPending}
          error={send.error}
          onSend={() => send.mutate(undefined, { onSuccess: ({ id }) => onSent(id) })}
          onChange={changed}
        />
      )}
    </>
  )
}

interface CheckedProps {
  preview: AudiencePreview
  busy: boolean
  error: unknown
  onSend: () => void
  onChange: () => void
}

/** How many, who is left out and why, how long it gets, and how some will read it. */
function Checked({ preview, busy, error, onSend, onChange }: CheckedProps) {
  const { t, format } = useSpeech()
  const words = t.people.audiences
  const { recipients, left_out, segments, price, sample } = preview
  return (
    <Card title={words.checkTitle}>
      <div className={css.form}>
        <div role="status">
          <p className={css.big}>{words.recipients(recipients, format.number(recipients))}</p>
          <p className={css.words}>{preview.words}</p>
          {segments.measured > 0 && (
            <p className={css.words}>
              {words.length(segments.least, segments.most, format.number(segments.total))}
            </p>
          )}
          {price && recipients > 0 && <p className={css.words}>{words.price(format.price(price))}</p>}
          {segments.unicode > 0 && <p className={css.words}>{words.unicode}</p>}
        </div>
        <section aria-label={words.leftOut}>
          <h3>{words.leftOut}</h3>
          {left_out.length === 0 ? (
            <p className={css.words}>{words.nobodyLeft}</p>
          ) : (
            <ul className={css.rows}>
              {left_out.map(({ code, count, sentence, estimated }) => (
                <li key={code}>
                  <span>
                    {estimated ? words.roughly(format.number(count)) : format.number(count)}{' '}
                    {words.leftWhy[code] ?? sentence}
                  </span>
                </li>
              ))}
            </ul>
          )}
        </section>
        {sample.length > 0 && (
          <section aria-label={words.sample}>
            <h3>{words.sample}</h3>
            <ul className={css.rows}>
              {sample.map(({ contact, name, to, text, missing }) => (
                <li key={contact}>
                  <div>
                    <span className={css.faint}>
                      {name ?? t.people.nameless}, {showNumber(to)}
                    </span>
                    <p className={css.bubble}>{text ?? words.missing(missing ?? '')}</p>
                  </div>
                </li>
              ))}
            </ul>
          </section>
        )}
        {error !== null && error !== undefined && <Problem error={error} />}
        <div className={css.act}>
          {recipients > 0 ? (
            <Button leftSection={<IconSend size={18} />} loading={busy} onClick={onSend}>
              {words.send(recipients, format.number(recipients))}
            </Button>
          ) : (
            <span>{words.nobody}</span>
          )}
          <Button variant="default" onClick={onChange}>
            {words.change}
          </Button>
        </div>
      </div>
    </Card>
  )
}
