import { Button, NativeSelect, SimpleGrid, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useMay } from '../api/access.ts'
import { call } from '../api/client.ts'
import { type StopSettings, stopSettingsQuery } from '../api/consent.ts'
import { useFocusBack } from '../show/Confirm.tsx'
import { FormActs } from '../show/FormActs.tsx'
import { Card } from '../show/Page.tsx'
import { Problem } from '../show/Problem.tsx'
import { useSpeech } from '../strings/language.tsx'
import css from './Consent.module.css'

const scopes = ['topic', 'sender', 'account'] as const
const order = ['label', 'input', 'description', 'error'] as ('label' | 'input' | 'description' | 'error')[]

interface StopCardProps {
  /** Whether the form stands in place of the sentences. */
  open: boolean
  onOpen: () => void
  onDone: () => void
}

/** What a STOP ends in this account, and who answers it. */
export function StopCard({ open, onOpen, onDone }: StopCardProps) {
  const { t } = useSpeech()
  const words = t.consent.stop
  const { data, error, refetch } = useQuery(stopSettingsQuery)
  const opener = useFocusBack(open)
  const may = useMay().mayChange('consent')
  if (error) return <Problem error={error} onRetry={() => void refetch()} />
  if (!data) return null
  const { opt_out_scope: scope, display_name: name, help_contact: contact } = data
  return (
    <Card
      title={words.title}
      action={
        open || !may ? undefined : (
          <Button ref={opener} variant="default" size="compact-sm" onClick={onOpen}>
            {words.change}
          </Button>
        )
      }
    >
      {open && may ? (
        <StopForm settings={data} onDone={onDone} />
      ) : (
        <p className={css.faint} style={{ margin: 0 }}>
          {[words.short[scope], name ? words.named(name) : words.unnamed, contact && words.help(contact)]
            .filter(Boolean)
            .join(' ')}
        </p>
      )}
    </Card>
  )
}

function StopForm({ settings, onDone }: { settings: StopSettings; onDone: () => void }) {
  const { t } = useSpeech()
  const words = t.consent.stop
  const client = useQueryClient()
  const [scope, setScope] = useState(settings.opt_out_scope)
  const [name, setName] = useState(settings.display_name ?? '')
  const [contact, setContact] = useState(settings.help_contact ?? '')
  const save = useMutation({
    mutationFn: () =>
      call<StopSettings>('/v1/consent-settings', {
        method: 'PUT',
        body: {
          ...settings,
          opt_out_scope: scope,
          display_name: name.trim() || null,
          help_contact: contact.trim() || null,
        },
      }),
    onSuccess: (saved) => {
      client.setQueryData(stopSettingsQuery.queryKey, saved)
      onDone()
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!save.isPending) save.mutate()
  }
  return (
    <form className={css.form} onSubmit={submit}>
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="md" verticalSpacing="md">
        <NativeSelect
          autoFocus
          label={words.scope}
          description={words.scopeNote}
          inputWrapperOrder={order}
          value={scope}
          onChange={(event) => setScope(event.currentTarget.value as typeof scope)}
          data={scopes.map((value) => ({ value, label: words.scopes[value] }))}
        />
        <TextInput
          label={words.name}
          description={words.nameHint}
          inputWrapperOrder={order}
          maxLength={30}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <TextInput
          label={words.contact}
          description={words.contactHint}
          inputWrapperOrder={order}
          maxLength={80}
          value={contact}
          onChange={(event) => setContact(event.currentTarget.value)}
        />
      </SimpleGrid>
      {save.isError && <Problem error={save.error} onRetry={() => save.mutate()} />}
      <FormActs save={words.save} cancel={words.cancel} busy={save.isPending} onCancel={onDone} />
    </form>
  )
}
