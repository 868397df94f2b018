import { publicId } from '../../ids.ts'
import type { Call } from '../../route.ts'

/** Who does something: a user, or a program by its key. `id` is public, for both are kept side by side. */
export interface Actor {
  id: string
  name: string
}

export function actorOf({ actor }: Call): Actor {
  const { kind, id, name } = actor
  return { id: kind === 'nobody' ? '' : publicId(kind, id), name }
}
