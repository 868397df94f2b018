import type { Carrier, Settings } from '../api/operate-types.ts'

/** Something that a carrier has shown of itself. */
export interface Fact {
  /** Of the setting that says the same, as the catalogues name it. */
  path: string
  value: string | number | undefined
  /** From how many receipts; undefined where none are counted. */
  seen?: number
  /** The change of settings that pins it; undefined when it cannot be pinned, or is. */
  pin?: Settings
  pinned: boolean
}

type IdPlaces = Record<string, { reading?: unknown; total?: unknown }>

/** What is learned of ids, by the place where they stand in receipts, and whatever else there is. */
export function factsOf({ learned, settings }: Pick<Carrier, 'learned' | 'settings'>): Fact[] {
  const { ids, ...others } = learned
  const bases = (settings.id_base ?? {}) as Settings
  const places = Object.entries((ids ?? {}) as IdPlaces).map(([place, { reading, total }]): Fact => {
    const value = typeof reading === 'string' ? reading : undefined
    const pinned = value !== undefined && bases[place] === value
    return {
      path: `id_base.${place}`,
      value,
      ...(typeof total === 'number' ? { seen: Math.round(total) } : {}),
      ...(value && !pinned ? { pin: { id_base: { [place]: value } } } : {}),
      pinned,
    }
  })
  const rest = Object.entries(others).map(([path, value]): Fact => {
    const number = typeof value === 'number' ? value : undefined
    const pinned = number !== undefined && settings[path] !== undefined
    return {
      path,
      value: number ?? (typeof value === 'string' ? value : JSON.stringify(value)),
      ...(path === 'segments_per_second' && number !== undefined && number >= 1 && !pinned
        ? { pin: { segments_per_second: Math.floor(number) } }
        : {}),
      pinned,
    }
  })
  return [...places, ...rest]
}
