import { ActionIcon, Button, Checkbox, NativeSelect, NumberInput, SimpleGrid, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { call } from '../../api/client.ts'
import {
  type CapSpan,
  type ConsentRules,
  type HoursSetting,
  rulesPath,
  rulesQuery,
} from '../../api/consent-rules.ts'
import { fieldErrors } from '../../carriers/problems.ts'
import { IconAdd, IconRemove } from '../../icons.ts'
import { FormActs } from '../../show/FormActs.tsx'
import { Problem } from '../../show/Problem.tsx'
import { useFaulty } from '../../show/useFaulty.ts'
import { useSpeech } from '../../strings/language.tsx'
import css from '../Consent.module.css'

const spans = ['day', 'week', 'month'] as const
const overs = ['refuse', 'defer'] as const
const order = ['label', 'input', 'description', 'error'] as ('label' | 'input' | 'description' | 'error')[]

/** `states`: as they are typed. */
type Row = HoursSetting & { key: number; states: string }

const codesIn = (states: string): string[] => states.toUpperCase().match(/[A-Z0-9]+/g) ?? []

/** Caps, where consent is kept, and hours of one's own. All of it is put at once. */
export function RulesForm({ rules, onDone }: { rules: ConsentRules; onDone: () => void }) {
  const { t } = useSpeech()
  const words = t.hours.form
  const client = useQueryClient()
  const [caps, setCaps] = useState<Partial<Record<CapSpan, number>>>(
    Object.fromEntries(rules.caps.map(({ per, most }) => [per, most])),
  )
  const [over, setOver] = useState(rules.over_cap)
  const [kept, setKept] = useState(rules.kept_elsewhere ?? '')
  const [rows, setRows] = useState<Row[]>(
    rules.hours.map((each, key) => ({ ...each, key, states: each.holiday_states?.join(', ') ?? '' })),
  )
  const save = useMutation({
    mutationFn: () =>
      call<ConsentRules>(rulesPath, {
        method: 'PUT',
        body: {
          caps: spans.flatMap((per) => (caps[per] === undefined ? [] : [{ per, most: caps[per] }])),
          over_cap: over,
          kept_elsewhere: kept.trim() || null,
          hours: rows.map(({ key: _, states, holiday_states: _old, ...row }) => ({
            ...row,
            instead: row.instead?.trim() || null,
            ...(row.holidays === 'no' && codesIn(states).length > 0 && { holiday_states: codesIn(states) }),
          })),
        },
      }),
    onSuccess: (saved) => {
      client.setQueryData(rulesQuery.queryKey, saved)
      onDone()
    },
  })
  const errors = fieldErrors(save.error, t)
  const form = useFaulty(save.error)
  const changed = () => save.isError && save.reset()
  const change = (at: number, more: Partial<Row>) => {
    setRows(rows.map((row, n) => (n === at ? { ...row, ...more } : row)))
    changed()
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!save.isPending) save.mutate()
  }
  return (
    <form ref={form} className={css.form} onSubmit={submit}>
      <fieldset className={css.texts}>
        <legend>{words.capsLegend}</legend>
        <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }} spacing="md">
          {spans.map((span) => (
            <NumberInput
              key={span}
              label={words.caps[span]}
              placeholder={words.noCap}
              min={0}
              max={1_000}
              allowDecimal={false}
              value={caps[span] ?? ''}
              onChange={(value) => {
                const { [span]: _, ...rest } = caps
                setCaps(value === '' ? rest : { ...rest, [span]: Number(value) })
                changed()
              }}
            />
          ))}
          <NativeSelect
            label={words.over}
            value={over}
            data={overs.map((value) => ({ value, label: words.overs[value] }))}
            onChange={(event) => setOver(event.currentTarget.value as typeof over)}
          />
        </SimpleGrid>
      </fieldset>
      <TextInput
        label={words.kept}
        description={words.keptHint}
        inputWrapperOrder={order}
        maxLength={500}
        value={kept}
        error={errors.kept_elsewhere}
        onChange={(event) => {
          setKept(event.currentTarget.value)
          changed()
        }}
      />
      <fieldset className={css.texts}>
        <legend>{words.hoursLegend}</legend>
        {rows.map((row, at) => (
          <SimpleGrid key={row.key} cols={{ base: 1, xs: 2 }} spacing="md">
            <TextInput
              label={words.country}
              description={words.countryHint}
              inputWrapperOrder={order}
              maxLength={2}
              value={row.country}
              error={errors[`hours.${at}.country`]}
              onChange={(event) => change(at, { country: event.currentTarget.value.toUpperCase() })}
            />
            <TextInput
              label={words.hours}
              description={words.hoursHint}
              inputWrapperOrder={order}
              maxLength={300}
              value={row.hours}
              error={errors[`hours.${at}.hours`]}
              onChange={(event) => change(at, { hours: event.currentTarget.value })}
            />
            <TextInput
              label={words.instead}
              description={words.insteadHint}
              inputWrapperOrder={order}
              maxLength={500}
              value={row.instead ?? ''}
              error={errors[`hours.${at}.instead`]}
              onChange={(event) => change(at, { instead: event.currentTarget.value })}
            />
            {row.holidays === 'no' && (
              <TextInput
                label={words.states}
                description={words.statesHint}
                inputWrapperOrder={order}
                maxLength={200}
                value={row.states}
                error={errors[`hours.${at}.holiday_states`]}
                onChange={(event) => change(at, { states: event.currentTarget.value })}
              />
            )}
            <div className={css.act} style={{ alignItems: 'center' }}>
              <Checkbox
                label={words.holidays}
                checked={row.holidays === 'no'}
                onChange={(event) => change(at, { holidays: event.currentTarget.checked ? 'no' : 'yes' })}
              />
              <ActionIcon
                variant="default"
                size="lg"
                aria-label={words.remove(row.country)}
                onClick={() => setRows(rows.filter((_, n) => n !== at))}
              >
                <IconRemove size={16} aria-hidden />
              </ActionIcon>
            </div>
          </SimpleGrid>
        ))}
        <div className={css.act}>
          <Button
            variant="default"
            leftSection={<IconAdd size={18} aria-hidden />}
            onClick={() =>
              setRows([
                ...rows,
                {
                  ...{ country: '', hours: '', holidays: 'no' as const, instead: null, states: '' },
                  key: (rows.at(-1)?.key ?? -1) + 1,
                },
              ])
            }
          >
            {words.add}
          </Button>
        </div>
      </fieldset>
      {save.isError && (
        <Problem error={save.error} marked={Object.keys(errors).length > 0} onRetry={() => save.mutate()} />
      )}
      <FormActs save={words.save} cancel={words.cancel} busy={save.isPending} onCancel={onDone} />
    </form>
  )
}
