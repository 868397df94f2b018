import { publicId } from '../../ids.ts'
import type { Tx } from '../../store/db.ts'
import { listAgents } from './teams.store.ts'

/** Who may be given a conversation, by public ids: users of the account, and whoever else is in a team, such as a key. */
export async function agentsOf(tx: Tx, accountId: string): Promise<{ id: string; name: string }[]> {
  const agents = new Map<string, string>()
  for (const { kind, id, name } of await listAgents(tx, accountId)) {
    const known = kind === 'usr' ? publicId('user', id) : id
    if (!agents.has(known)) agents.set(known, name)
  }
  return [...agents].map(([id, name]) => ({ id, name })).sort((a, b) => a.name.localeCompare(b.name))
}
