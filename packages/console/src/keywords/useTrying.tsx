import { type ReactNode, useState } from 'react'
import type { Trial } from '../api/keywords.ts'
import type { Draft, SourceDraft } from './draft.ts'
import { JsonAnswer } from './JsonAnswer.tsx'
import { inList, nameOf } from './pointer.ts'
import { TryPhone } from './TryPhone.tsx'

/** The phone beside a form, and what the system answered when it was last tried. */
export function useTrying({
  draft,
  trying,
  onChange,
}: {
  draft: Draft
  trying: () => { id?: string; service: Record<string, unknown> }
  onChange: (change: Partial<Draft>) => void
}): { phone: ReactNode; answered: ReactNode } {
  const [trial, setTrial] = useState<Trial>()
  return {
    phone: <TryPhone trying={trying} onTrial={setTrial} />,
    answered: draft.kind === 'http' && trial?.source && (
      <JsonAnswer
        source={trial.source}
        onPick={(pointer) => onChange({ source: { ...draft.source, ...taken(draft.source, pointer) } })}
      />
    ),
  }
}

/** A place that was clicked on, as a value of its own; in a list where the service has one, as a value of its entries. */
export function taken(source: SourceDraft, pointer: string): Partial<SourceDraft> {
  const within = source.hasList ? inList(pointer) : undefined
  if (!within) return { values: put(source.values, nameOf(pointer), pointer) }
  const { list, inside } = within
  const kept = source.listPlace === list ? source.listValues : []
  return { listPlace: list, listValues: put(kept, nameOf(inside || pointer), inside) }
}

/** Beside the others; a row without a name is filled in first, and the same place is there once. */
function put(places: SourceDraft['values'], name: string, place: string): SourceDraft['values'] {
  if (places.some((each) => each.place === place && each.name)) return places
  const names = new Set(places.map((each) => each.name))
  let free = name
  for (let count = 2; names.has(free); count++) free = `${name} ${count}`
  const written = places.filter((each) => each.name || each.place)
  return [...written, { name: free, place }]
}
