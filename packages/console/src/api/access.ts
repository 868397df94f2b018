import { queryOptions, useQuery } from '@tanstack/react-query'
import { call, callAll } from './client.ts'
import { enterAsUser, nobodyIsHere } from './session.ts'

export const roleNames = ['owner', 'admin', 'developer', 'marketer', 'agent', 'auditor'] as const
export type RoleName = (typeof roleNames)[number]

/** Who is at the console, and what that allows. */
export interface Who {
  kind: 'user' | 'key'
  user: { id: string; email: string; name: string; has_totp: boolean; recovery_codes: number } | null
  key: { id: string; name: string } | null
  session: string | null
  account: { id: string; name: string }
  role: RoleName | null
  scopes: string[]
  masked: boolean
  reads_only: boolean
  operator: boolean
  accounts: { id: string; name: string; role: RoleName }[]
}

export interface User {
  id: string
  email: string
  name: string
  role: RoleName
  created_at: string
  seen_at: string | null
  has_totp: boolean
  passkeys: number
}

export interface Invitation {
  id: string
  email: string
  name: string
  role: RoleName
  made_by: string
  created_at: string
  expires_at: string
}

export interface OpenSession {
  id: string
  current: boolean
  created_at: string
  seen_at: string
  expires_at: string
  address: string
  agent: string
}

export interface Passkey {
  id: string
  name: string
  created_at: string
  used_at: string | null
}

export interface Key {
  id: string
  name: string
  hint: string
  scopes: string[]
  created_at: string
  revoked_at: string | null
}

export interface AuditEntry {
  id: string
  at: string
  actor: { kind: 'key' | 'user' | 'command' | 'nobody'; id: string | null; name: string }
  action: string
  target: string | null
  fields: Record<string, unknown>
  address: string | null
  request_id: string | null
  status: number | null
  error: string | null
}

export interface RoleEntry {
  role: RoleName
  meaning: string
  scopes: string[]
  reads_only: boolean
  masked: boolean
}

interface List<T> {
  data: T[]
  next: string | null
}
const list = <T>(path: string, signal: AbortSignal) => call<List<T>>(path, { signal })

export const whoQuery = queryOptions({
  queryKey: ['who'],
  queryFn: ({ signal }) => call<Who>('/v1/session', { signal }),
  staleTime: 60_000,
})

/** Asks by the cookie, which no script can read, whether somebody is signed in. */
export async function whoIsHere(): Promise<void> {
  const response = await fetch('/v1/session', { cache: 'no-store' }).catch(() => undefined)
  // A server that is away has refused nobody: the rooms say that it is, and ask again.
  if (response?.status === 401) nobodyIsHere()
  else enterAsUser()
}

/** What the reader may do. Until it is known, nothing that would have to be taken back is shown. */
export function useMay() {
  const { data } = useQuery(whoQuery)
  return {
    who: data,
    may: (scope: string) => data?.scopes.includes(scope) ?? false,
    /** The same, for what changes something. */
    mayChange: (scope: string) => (data?.scopes.includes(scope) && !data.reads_only) ?? false,
  }
}

export const usersQuery = queryOptions({
  queryKey: ['users'],
  queryFn: ({ signal }) => callAll<User>('/v1/users', signal),
})
export const userPath = (id: string) => `/v1/users/${encodeURIComponent(id)}`

export const invitationsQuery = queryOptions({
  queryKey: ['invitations'],
  queryFn: ({ signal }) => callAll<Invitation>('/v1/invitations', signal),
})

export const rolesQuery = queryOptions({
  queryKey: ['roles'],
  queryFn: ({ signal }) => call<{ data: RoleEntry[] }>('/v1/roles', { signal }).then(({ data }) => data),
  staleTime: Number.POSITIVE_INFINITY,
})

export const sessionsQuery = queryOptions({
  queryKey: ['sessions'],
  queryFn: ({ signal }) => list<OpenSession>('/v1/sessions', signal).then(({ data }) => data),
})

export const passkeysQuery = queryOptions({
  queryKey: ['passkeys'],
  queryFn: ({ signal }) => list<Passkey>('/v1/me/passkeys', signal).then(({ data }) => data),
})

export const keysQuery = queryOptions({
  queryKey: ['keys'],
  queryFn: ({ signal }) => list<Key>('/v1/keys', signal).then(({ data }) => data),
})

/** A page of the log; `parameters` are those of the API. */
export const auditQuery = (parameters: Record<string, string>) =>
  queryOptions({
    queryKey: ['audit', parameters],
    queryFn: ({ signal }) => list<AuditEntry>(`/v1/audit?${new URLSearchParams(parameters)}`, signal),
  })
