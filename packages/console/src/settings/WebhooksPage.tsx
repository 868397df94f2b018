import { useMutation, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { useMay } from '../api/access.ts'
import { call } from '../api/client.ts'
import { type Webhook, webhookPath, webhooksQuery } from '../api/webhooks.ts'
import { AddButton } from '../show/AddButton.tsx'
import { Confirm } from '../show/Confirm.tsx'
import { Listing } from '../show/Listing.tsx'
import { Answer, Card, Page } from '../show/Page.tsx'
import { Removal } from '../show/Removal.tsx'
import { RowMenu } from '../show/RowMenu.tsx'
import tableCss from '../show/Table.module.css'
import { type Column, Table } from '../show/Table.tsx'
import { useStill } from '../show/useStill.ts'
import { When } from '../show/When.tsx'
import { useSpeech } from '../strings/language.tsx'
import { Deliveries } from './Deliveries.tsx'
import { Once } from './Once.tsx'
import { WebhookForm } from './WebhookForm.tsx'

const route = getRouteApi('/webhooks')
const hostOf = ({ url }: Webhook) => new URL(url).hostname

/** Where events go. A secret is shown once. */
export default function WebhooksPage() {
  const { t } = useSpeech()
  const words = t.webhooks
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const { mayChange } = useMay()
  const query = useQuery(webhooksQuery)
  const [secret, setSecret] = useState<string>()
  const close = useStill(() => void navigate({ search: {}, resetScroll: false }))
  const find = (id: string | undefined) => query.data?.find((webhook) => webhook.id === id)
  const [edited, logged, rotated, removed] = [search.edit, search.log, search.rotate, search.remove].map(find)
  const may = mayChange('webhooks')
  const add = may && (
    <AddButton onClick={() => void navigate({ search: { edit: 'new' }, resetScroll: false })}>
      {words.add}
    </AddButton>
  )
  return (
    <Page title={words.title} lead={words.lead} action={query.data?.length ? add : undefined}>
      {secret && <Once {...words.secret} secret={secret} onDone={() => setSecret(undefined)} />}
      {may && (search.edit === 'new' || edited) && (
        <WebhookForm key={search.edit} webhook={edited} onDone={close} onSecret={setSecret} />
      )}
      {logged && <Deliveries webhook={logged} may={may} onDone={close} />}
      {may && rotated && <Rotate webhook={rotated} onDone={close} onSecret={setSecret} />}
      {may && removed && (
        <Removal
          title={words.removeTitle}
          text={words.removeText(removed.url)}
          word={hostOf(removed)}
          act={words.removeYes}
          keep={words.keep}
          path={webhookPath(removed.id)}
          stale={[webhooksQuery.queryKey]}
          onDone={close}
        />
      )}
      <Answer query={query}>
        {(webhooks) => (
          <Listing
            label={words.title}
            rows={webhooks}
            empty={
              search.edit !== 'new' && {
                title: words.emptyTitle,
                text: words.empty,
                action: add,
                curl: {
                  method: 'POST',
                  path: '/v1/webhooks',
                  body: { url: 'https://example.com/sms-events' },
                },
              }
            }
          >
            <WebhookTable webhooks={webhooks} may={may} />
          </Listing>
        )}
      </Answer>
    </Page>
  )
}

function WebhookTable({ webhooks, may }: { webhooks: readonly Webhook[]; may: boolean }) {
  const { t, format } = useSpeech()
  const words = t.webhooks
  const columns: Column<Webhook>[] = [
    {
      head: words.columns.url,
      part: 'title',
      cell: ({ url, description }) => (
        <>
          <strong className="mono" style={{ overflowWrap: 'anywhere' }}>
            {url}
          </strong>
          {description && <span className={tableCss.sub}>{description}</span>}
        </>
      ),
    },
    {
      head: words.columns.events,
      cell: ({ events }) =>
        events.length === 0 ? words.everything : words.some(format.number(events.length)),
    },
    {
      head: words.columns.state,
      cell: ({ enabled, failing_since, disabled_reason }) => (
        <>
          {words.states[!enabled ? 'off' : failing_since ? 'failing' : 'on']}
          {failing_since && (
            <span className={tableCss.sub}>
              {words.since} <When at={failing_since} />
            </span>
          )}
          {disabled_reason && <span className={tableCss.sub}>{disabled_reason}</span>}
        </>
      ),
    },
    {
      head: words.columns.actions,
      part: 'actions',
      cell: ({ id, url }) => (
        <RowMenu
          word={may ? words.change : words.log}
          label={may ? words.changeName(url) : `${words.log}: ${url}`}
          items={[
            { to: `/webhooks?log=${id}`, word: words.log },
            ...(may
              ? [
                  { to: `/webhooks?edit=${id}`, word: words.edit },
                  { to: `/webhooks?rotate=${id}`, word: words.rotate },
                  { to: `/webhooks?remove=${id}`, word: words.remove },
                ]
              : []),
          ]}
        />
      ),
    },
  ]
  return (
    <Table
      label={words.title}
      columns={columns}
      rows={webhooks}
      rowKey={({ id }) => id}
      muted={({ enabled }) => !enabled}
    />
  )
}

interface Of {
  webhook: Webhook
  onDone: () => void
}

function Rotate({ webhook, onDone, onSecret }: Of & { onSecret: (secret: string) => void }) {
  const { t } = useSpeech()
  const words = t.webhooks
  const rotate = useMutation({
    mutationFn: () =>
      call<{ secret: string }>(`${webhookPath(webhook.id)}/rotate-secret`, { method: 'POST' }),
    onSuccess: ({ secret }) => {
      onSecret(secret)
      onDone()
    },
  })
  return (
    <Card title={words.rotateTitle}>
      <Confirm
        text={words.rotateText}
        act={words.rotateYes}
        keep={words.keep}
        busy={rotate.isPending}
        error={rotate.error}
        onAct={() => rotate.mutate()}
        onKeep={onDone}
      />
    </Card>
  )
}
