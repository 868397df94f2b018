import { Checkbox, NativeSelect, SimpleGrid, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { call } from '../api/client.ts'
import type { Carrier, Route } from '../api/operate-types.ts'
import { infoQuery } from '../api/queries.ts'
import { type Lane, lanes } from '../api/types.ts'
import { fieldErrors } from '../carriers/problems.ts'
import { FormActs } from '../show/FormActs.tsx'
import { Card } from '../show/Page.tsx'
import { Problem } from '../show/Problem.tsx'
import { useFaulty } from '../show/useFaulty.ts'
import { useSpeech } from '../strings/language.tsx'
import css from './Routes.module.css'

interface RouteFormProps {
  /** The one to change; without it a new one is made. */
  route?: Route | undefined
  carriers: readonly Carrier[]
  onDone: () => void
}

const order = ['label', 'input', 'description', 'error'] as ('label' | 'input' | 'description' | 'error')[]
const numberOf = (typed: string) => Number(typed.trim().replace(',', '.'))

/** A route to make or to change. What is typed stays when the server finds fault with it. */
export function RouteForm({ route, carriers, onDone }: RouteFormProps) {
  const { t, format } = useSpeech()
  const words = t.routes.form
  const currency = useQuery(infoQuery).data?.currency
  const client = useQueryClient()
  const first = useRef<HTMLSelectElement>(null)
  useEffect(() => first.current?.focus(), [])
  const [carrier, setCarrier] = useState(route?.carrier_id ?? carriers[0]?.id ?? '')
  const [prefix, setPrefix] = useState(route?.prefix ?? '')
  const [account, setAccount] = useState(route?.account_id ?? '')
  const [chosen, setChosen] = useState<readonly Lane[]>(route?.lanes ?? [])
  const [sender, setSender] = useState(route?.sender ?? '')
  const [cost, setCost] = useState(route ? format.cost(route.cost) : '')
  const [weight, setWeight] = useState(route ? String(route.weight) : '100')
  const [enabled, setEnabled] = useState(route?.enabled ?? true)
  const save = useMutation({
    mutationFn: () =>
      call<Route>(route ? `/v1/routes/${encodeURIComponent(route.id)}` : '/v1/routes', {
        method: route ? 'PATCH' : 'POST',
        body: {
          carrier_id: carrier,
          prefix: prefix.replace(/[\s…]/g, '').replace(/^00/, '+'),
          account_id: account.trim() || null,
          lanes: chosen,
          sender: sender.trim() || null,
          cost: numberOf(cost || '0'),
          weight: numberOf(weight || '100'),
          enabled,
        },
      }),
    onSuccess: () => {
      onDone()
      return client.invalidateQueries({ queryKey: ['routes'] })
    },
  })
  const errors = fieldErrors(save.error, t)
  const form = useFaulty(save.error)
  const shared = (name: string) => ({
    error: errors[name],
    inputWrapperOrder: order,
    autoComplete: 'off',
    spellCheck: false,
  })
  return (
    <Card title={route ? words.editTitle : words.addTitle}>
      <form
        ref={form}
        className={css.form}
        onSubmit={(event: FormEvent) => {
          event.preventDefault()
          if (!save.isPending) save.mutate()
        }}
      >
        <SimpleGrid cols={{ base: 1, xs: 2, md: 3 }} spacing="md" verticalSpacing="md">
          <NativeSelect
            ref={first}
            label={words.carrier}
            error={errors.carrier_id}
            value={carrier}
            onChange={(event) => setCarrier(event.currentTarget.value)}
            data={carriers.map(({ id, name }) => ({ value: id, label: name }))}
          />
          <TextInput
            {...shared('prefix')}
            label={words.prefix}
            description={words.prefixHint}
            value={prefix}
            onChange={(event) => setPrefix(event.currentTarget.value)}
          />
          <TextInput
            {...shared('sender')}
            label={words.sender}
            description={words.senderHint}
            value={sender}
            onChange={(event) => setSender(event.currentTarget.value)}
          />
          <TextInput
            {...shared('cost')}
            label={words.cost}
            description={words.costHint(currency ?? null)}
            inputMode="decimal"
            value={cost}
            onChange={(event) => setCost(event.currentTarget.value)}
          />
          <TextInput
            {...shared('weight')}
            label={words.weight}
            description={words.weightHint}
            inputMode="numeric"
            value={weight}
            onChange={(event) => setWeight(event.currentTarget.value)}
          />
          <TextInput
            {...shared('account_id')}
            label={words.account}
            description={words.accountHint}
            value={account}
            onChange={(event) => setAccount(event.currentTarget.value)}
          />
        </SimpleGrid>
        <Checkbox.Group
          label={words.lanes}
          description={words.lanesHint}
          value={[...chosen]}
          onChange={(next) => setChosen(lanes.filter((lane) => next.includes(lane)))}
        >
          <div className={css.lanes}>
            {lanes.map((lane) => (
              <Checkbox key={lane} value={lane} label={t.lanes[lane]} />
            ))}
          </div>
        </Checkbox.Group>
        <Checkbox
          label={words.enabled}
          checked={enabled}
          onChange={(event) => setEnabled(event.currentTarget.checked)}
        />
        {save.isError && (
          <Problem
            error={save.error}
            marked={Object.keys(errors).length > 0}
            note={t.carrierFields.safe}
            onRetry={() => save.mutate()}
          />
        )}
        <FormActs
          save={route ? words.save : words.create}
          cancel={words.cancel}
          busy={save.isPending}
          onCancel={onDone}
        />
      </form>
    </Card>
  )
}
