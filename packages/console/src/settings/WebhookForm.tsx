import { Switch, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { call } from '../api/client.ts'
import { type Webhook, webhookPath, webhooksQuery } from '../api/webhooks.ts'
import css from '../logins/Logins.module.css'
import { FormActs } from '../show/FormActs.tsx'
import { Card } from '../show/Page.tsx'
import { Problem } from '../show/Problem.tsx'
import { useSpeech } from '../strings/language.tsx'

/** A new endpoint, or what can be changed of one. */
export function WebhookForm({
  webhook,
  onDone,
  onSecret,
}: {
  webhook: Webhook | undefined
  onDone: () => void
  onSecret: (secret: string) => void
}) {
  const { t } = useSpeech()
  const words = t.webhooks.form
  const client = useQueryClient()
  const [url, setUrl] = useState(webhook?.url ?? '')
  const [description, setDescription] = useState(webhook?.description ?? '')
  const [events, setEvents] = useState(webhook?.events.join(', ') ?? '')
  const [enabled, setEnabled] = useState(webhook?.enabled ?? true)
  const [tried, setTried] = useState(false)
  const save = useMutation({
    mutationFn: () => {
      const body = {
        url: url.trim(),
        description: description.trim() || null,
        events: events.split(/[\s,]+/).filter(Boolean),
      }
      return webhook
        ? call<Webhook & { secret?: string }>(webhookPath(webhook.id), {
            method: 'PATCH',
            body: { ...body, enabled },
          })
        : call<Webhook & { secret?: string }>('/v1/webhooks', { method: 'POST', body })
    },
    onSuccess: ({ secret }) => {
      if (secret) onSecret(secret)
      onDone()
      return client.invalidateQueries({ queryKey: webhooksQuery.queryKey })
    },
  })
  return (
    <Card title={webhook ? words.editTitle : words.addTitle}>
      <form
        className={css.form}
        noValidate
        onSubmit={(event: FormEvent) => {
          event.preventDefault()
          setTried(true)
          if (url.trim() && !save.isPending) save.mutate()
        }}
      >
        <TextInput
          type="url"
          label={words.url}
          description={words.urlHint}
          style={{ maxWidth: '44em' }}
          placeholder="https://example.com/sms-events"
          autoFocus
          value={url}
          error={tried && !url.trim() ? words.missing : undefined}
          onChange={(event) => setUrl(event.currentTarget.value)}
        />
        <TextInput
          label={words.events}
          description={words.eventsHint}
          style={{ maxWidth: '44em' }}
          value={events}
          onChange={(event) => setEvents(event.currentTarget.value)}
        />
        <TextInput
          label={words.description}
          description={words.descriptionHint}
          style={{ maxWidth: '30em' }}
          value={description}
          onChange={(event) => setDescription(event.currentTarget.value)}
        />
        {webhook && (
          <Switch
            label={words.enabled}
            checked={enabled}
            onChange={(event) => setEnabled(event.currentTarget.checked)}
          />
        )}
        {save.error && <Problem error={save.error} onRetry={() => save.mutate()} />}
        <FormActs
          save={webhook ? words.save : words.create}
          cancel={words.cancel}
          busy={save.isPending}
          onCancel={onDone}
        />
      </form>
    </Card>
  )
}
