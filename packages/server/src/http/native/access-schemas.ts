import { Type } from 'typebox'
import { roleNames } from '../../accounts/roles.ts'
import { scopeNames } from '../../route.ts'
import * as schema from './schemas.ts'

/** What the addresses about users, sessions and the audit log take or give. */

export const Email = Type.String({
  minLength: 3,
  maxLength: 254,
  pattern: '^\\s*[^\\s@]+@[^\\s@]+\\s*$',
  description: 'E-mail; upper and lower case are the same',
  examples: ['ada@example.org'],
})
export const PersonName = Type.String({ minLength: 1, maxLength: 100 })
export const Password = Type.String({ minLength: 1, maxLength: 200, description: 'At least 10 characters' })
export const Code = Type.String({
  minLength: 6,
  maxLength: 20,
  description: 'Of the authenticator app, or a recovery code',
})
export const Role = Type.Enum(roleNames, { description: '`GET /v1/roles` says what each may do' })
/** As `toJSON()` of a PublicKeyCredential gives it (WebAuthn Level 3 §5.1). */
export const PasskeyAnswer = Type.Object(
  { id: Type.String({ maxLength: 2000 }) },
  { additionalProperties: Type.Unknown(), description: 'What the browser gave: `credential.toJSON()`' },
)
export const PasskeyOptions = Type.Object(
  { challenge: Type.String() },
  {
    additionalProperties: Type.Unknown(),
    description: 'For the browser: `PublicKeyCredential.parse…OptionsFromJSON()`',
    title: 'PasskeyOptions',
  },
)

const Account = Type.Object({ id: Type.String({ description: 'acc_…' }), name: Type.String() })

export const Who = Type.Object(
  {
    kind: Type.Enum(['user', 'key']),
    user: schema.nullable(
      Type.Object({
        id: Type.String(),
        email: Type.String(),
        name: Type.String(),
        has_totp: Type.Boolean(),
        recovery_codes: Type.Integer({ description: 'That are left' }),
      }),
    ),
    key: schema.nullable(Type.Object({ id: Type.String(), name: Type.String() })),
    session: schema.nullable(Type.String({ description: 'Id of this session, ses_…' })),
    account: Account,
    role: schema.nullable(Role),
    scopes: Type.Array(Type.Enum(scopeNames)),
    masked: Type.Boolean({ description: 'Numbers of people are hidden' }),
    reads_only: Type.Boolean({ description: 'Changes nothing' }),
    operator: Type.Boolean({ description: 'The account operates the installation: carriers, routes, nodes' }),
    accounts: Type.Array(Type.Object({ ...Account.properties, role: Role }), {
      description: 'Those that the user may switch to',
    }),
  },
  { title: 'Who' },
)

export const Session = Type.Object(
  {
    id: Type.String({ description: 'ses_…' }),
    current: Type.Boolean({ description: 'The one that asks' }),
    created_at: schema.time('Signed in'),
    seen_at: schema.time('Last request, to the minute'),
    expires_at: schema.time(''),
    address: Type.String({ description: 'From where' }),
    agent: Type.String({ description: 'What the browser calls itself' }),
  },
  { title: 'Session' },
)

export const Passkey = Type.Object(
  {
    id: Type.String({ description: 'pky_…' }),
    name: Type.String(),
    created_at: schema.time(''),
    used_at: schema.nullable(schema.time('')),
  },
  { title: 'Passkey' },
)

export const User = Type.Object(
  {
    id: Type.String({ description: 'usr_…' }),
    email: Type.String(),
    name: Type.String(),
    role: Role,
    created_at: schema.time('Joined the account'),
    seen_at: schema.nullable(schema.time('Last request')),
    has_totp: Type.Boolean(),
    passkeys: Type.Integer(),
  },
  { title: 'User' },
)

const invitation = {
  id: Type.String({ description: 'lnk_…' }),
  email: Type.String(),
  name: Type.String(),
  role: Role,
  made_by: Type.String({ description: 'Who invited' }),
  created_at: schema.time(''),
  expires_at: schema.time(''),
}
export const Invitation = Type.Object(invitation, { title: 'Invitation' })
export const Link = {
  link: Type.String({ description: 'Shown now and never again: hand it to the person it is for' }),
  expires_at: schema.time(''),
}
export const MadeInvitation = Type.Object({ ...invitation, ...Link }, { title: 'MadeInvitation' })

export const AuditEntry = Type.Object(
  {
    id: Type.String({ description: 'adt_…' }),
    at: schema.time(''),
    actor: Type.Object({
      kind: Type.Enum(['key', 'user', 'command', 'nobody'], {
        description: 'command: the command line; nobody: a sign-in that failed',
      }),
      id: schema.nullable(Type.String()),
      name: Type.String({ description: 'As it was then' }),
    }),
    action: Type.String({ description: 'Method and route, or a word such as `sign_in`' }),
    target: schema.nullable(Type.String({ description: 'What was changed or made' })),
    fields: Type.Record(Type.String(), Type.Unknown(), {
      description: 'What was set; `…` stands for values that are personal, secret or long',
    }),
    address: schema.nullable(Type.String()),
    request_id: schema.nullable(Type.String()),
    status: schema.nullable(Type.Integer(), {
      description: 'Of the answer; null: the process ended before, and the change may have been made',
    }),
    error: schema.nullable(Type.String()),
  },
  { title: 'AuditEntry' },
)

export const OwnNumber = Type.Object(
  {
    id: Type.String({ description: 'num_…' }),
    address: Type.String({ description: 'Our number, as inbound messages name it' }),
    account: Account,
    carrier_id: schema.nullable(Type.String(), { description: 'null: on whichever carrier it comes in' }),
    created_at: schema.time(''),
  },
  { title: 'OwnNumber' },
)
