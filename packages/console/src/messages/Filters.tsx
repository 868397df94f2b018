import { Button, CloseButton, NativeSelect, SegmentedControl, TextInput, UnstyledButton } from '@mantine/core'
import { useState } from 'react'
import { type Lane, lanes } from '../api/types.ts'
import { bareNumber, showNumber } from '../format/phone.ts'
import { IconClear, IconSearch } from '../icons.ts'
import { filterLooks, looks } from '../state/look.ts'
import { lookStyle } from '../state/Sign.tsx'
import { useSpeech } from '../strings/language.tsx'
import css from './Filters.module.css'
import { type FilterLook, isFiltered, type ListSearch, looksOf } from './filters.ts'

interface FiltersProps {
  search: ListSearch
  onChange: (search: ListSearch) => void
}

/** Filters as chips. Every change starts again at the newest page. */
export function Filters({ search, onChange }: FiltersProps) {
  const { t } = useSpeech()
  const { before: _, ...view } = search
  const chosen = looksOf(search)
  const toggle = (look: FilterLook) => {
    const { state: _old, ...rest } = view
    const next = chosen.includes(look) ? chosen.filter((each) => each !== look) : [...chosen, look]
    onChange(next.length > 0 ? { ...rest, state: next.join(',') } : rest)
  }
  return (
    <search className={css.filters} aria-label={t.list.filters}>
      <SegmentedControl
        classNames={{ root: css.ways, indicator: css.way }}
        aria-label={t.list.direction}
        data={[
          { value: 'both', label: t.list.both },
          { value: 'outbound', label: t.list.outbound },
          { value: 'inbound', label: t.list.inbound },
        ]}
        value={search.direction ?? 'both'}
        onChange={(value) => {
          const { direction: _old, ...rest } = view
          onChange(value === 'outbound' || value === 'inbound' ? { ...rest, direction: value } : rest)
        }}
      />
      <NumberFilter
        // A number that the address bar brings replaces the one that is typed.
        key={search.number ?? ''}
        search={search}
        onNumber={(number) => {
          const { number: _old, ...rest } = view
          onChange(number ? { ...rest, number } : rest)
        }}
      />
      <NativeSelect
        className={css.lane}
        aria-label={t.list.lane}
        data={[
          { value: '', label: t.list.anyLane },
          ...lanes.map((lane) => ({ value: lane, label: t.lanes[lane] })),
        ]}
        value={search.lane ?? ''}
        onChange={(event) => {
          const { lane: _old, ...rest } = view
          const lane = event.currentTarget.value
          onChange(lane ? { ...rest, lane: lane as Lane } : rest)
        }}
      />
      <fieldset className={css.chips} aria-label={t.list.state}>
        {filterLooks.map((look) => {
          const Icon = looks[look]
          return (
            <UnstyledButton
              key={look}
              className={css.chip}
              style={lookStyle(look)}
              aria-pressed={chosen.includes(look)}
              onClick={() => toggle(look)}
            >
              <Icon size={16} aria-hidden />
              {t.states[look]}
            </UnstyledButton>
          )
        })}
      </fieldset>
      {search.client_ref && (
        <Button
          className={css.clear}
          variant="light"
          size="compact-sm"
          rightSection={<IconClear size={15} />}
          aria-label={t.list.remove(t.list.reference(search.client_ref))}
          onClick={() => {
            const { client_ref: _old, ...rest } = view
            onChange(rest)
          }}
        >
          {t.list.reference(search.client_ref)}
        </Button>
      )}
      {isFiltered(search) && (
        <Button
          className={css.clear}
          variant="subtle"
          color="gray"
          size="compact-sm"
          leftSection={<IconClear size={15} />}
          onClick={() => onChange({})}
        >
          {t.list.clear}
        </Button>
      )}
    </search>
  )
}

function NumberFilter({ search, onNumber }: { search: ListSearch; onNumber: (number: string) => void }) {
  const { t } = useSpeech()
  const [typed, setTyped] = useState(search.number ? showNumber(search.number) : '')
  const label = search.direction === 'inbound' ? t.list.sender : t.list.recipient
  const take = (text: string) => {
    if (bareNumber(text) !== (search.number ?? '')) onNumber(bareNumber(text))
  }
  return (
    <TextInput
      className={css.number}
      type="search"
      aria-label={label}
      placeholder={label}
      autoComplete="off"
      leftSection={<IconSearch size={16} aria-hidden />}
      rightSection={
        search.number ? (
          <CloseButton size="sm" aria-label={t.list.remove(label)} onClick={() => onNumber('')} />
        ) : undefined
      }
      value={typed}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onBlur={() => take(typed)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') take(typed)
      }}
    />
  )
}
