import type { RegistrationResponseJSON } from '@simplewebauthn/server'
import { type Static, Type } from 'typebox'
import type { Access } from '../../accounts/access.ts'
import {
  addPasskey,
  beginTotp,
  changePassword,
  confirmSecondFactor,
  endTotp,
  offerPasskey,
  removePasskey,
  renewRecoveryCodes,
} from '../../accounts/me.ts'
import type { PasskeyRow } from '../../accounts/passkey.store.ts'
import { base32 } from '../../accounts/totp.ts'
import { renameUser } from '../../accounts/user.store.ts'
import { publicId } from '../../ids.ts'
import { type Call, noContent, type Route } from '../../route.ts'
import * as shape from './access-schemas.ts'
import { demandId } from './pages.ts'
import * as schema from './schemas.ts'
import { demandMe } from './who.ts'

const Name = Type.Object({ name: shape.PersonName }, schema.closed)
const Password = Type.Object({ password: shape.Password }, schema.closed)
const CodeBody = Type.Object({ code: shape.Code }, schema.closed)
const Totp = Type.Object(
  {
    secret: Type.String({ description: 'To type into an authenticator app' }),
    url: Type.String({ description: 'The same as otpauth://, for a QR code' }),
  },
  { title: 'TotpSecret' },
)
const Recovery = Type.Object(
  { recovery_codes: Type.Array(Type.String(), { description: 'Shown now and never again' }) },
  { title: 'RecoveryCodes' },
)
const NewPasskey = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 100, description: 'Where it is, such as `Phone`' }),
    passkey: shape.PasskeyAnswer,
  },
  { ...schema.closed, title: 'NewPasskey' },
)
const Params = Type.Object({ id: Type.String({ maxLength: 40, description: 'pky_…' }) })

const from = ({ visit, requestId }: Call) => ({ visit, requestId })

const passkeyJson = ({ id, name, created_at, used_at }: PasskeyRow) => ({
  id: publicId('passkey', id),
  name,
  created_at: created_at.toISOString(),
  used_at: used_at?.toISOString() ?? null,
})

/** `/v1/me`: what opens one's own access. Each change asks for a proof within the last five minutes. */
export function meRoutes(access: Access): Route[] {
  const routes: Omit<Route, 'tag' | 'scope' | 'own'>[] = [
    {
      method: 'PATCH',
      path: '/v1/me',
      summary: 'Change your name',
      body: Name,
      responses: { 204: { description: 'Changed' } },
      async handler(call: Call<Static<typeof Name>>) {
        const { userId } = demandMe(call)
        await renameUser(access.db, userId, call.body.name, access.clock.now())
        access.forget(userId)
        return noContent
      },
    },
    {
      method: 'PUT',
      path: '/v1/me/password',
      summary: 'Change your password',
      description: 'Signs you out everywhere else.',
      body: Password,
      responses: { 204: { description: 'Changed' } },
      async handler(call: Call<Static<typeof Password>>) {
        await changePassword(access, demandMe(call), call.body.password)
        return noContent
      },
    },
    {
      method: 'POST',
      path: '/v1/me/totp',
      summary: 'Get a secret for an authenticator app',
      description: 'Counts once `PUT /v1/me/totp` has had its first code.',
      responses: { 201: Totp },
      async handler(call: Call) {
        const { secret, url } = await beginTotp(access, demandMe(call))
        return { status: 201, body: { secret: base32(secret), url } }
      },
    },
    {
      method: 'PUT',
      path: '/v1/me/totp',
      summary: 'Ask for codes from now on',
      description: 'Answers with recovery codes, for the day on which the phone is gone.',
      body: CodeBody,
      responses: { 200: Recovery },
      async handler(call: Call<Static<typeof CodeBody>>) {
        const recovery_codes = await confirmSecondFactor(access, demandMe(call), call.body.code, from(call))
        return { status: 200, body: { recovery_codes } }
      },
    },
    {
      method: 'POST',
      path: '/v1/me/recovery-codes',
      summary: 'Get new recovery codes',
      description: 'For a lost phone: each stands in for a code of the app, once. Those before are dead.',
      responses: { 201: Recovery },
      async handler(call: Call) {
        return { status: 201, body: { recovery_codes: await renewRecoveryCodes(access, demandMe(call)) } }
      },
    },
    {
      method: 'DELETE',
      path: '/v1/me/totp',
      summary: 'Ask for no codes any more',
      responses: { 204: { description: 'The password alone is enough' } },
      async handler(call: Call) {
        await endTotp(access, demandMe(call))
        return noContent
      },
    },
    {
      method: 'GET',
      path: '/v1/me/passkeys',
      summary: 'Your passkeys',
      responses: { 200: schema.page(shape.Passkey) },
      async handler(call: Call) {
        const rows = await access.passkeys.of(access.db, demandMe(call).userId)
        return { status: 200, body: { data: rows.map(passkeyJson), next: null } }
      },
    },
    {
      method: 'POST',
      path: '/v1/me/passkeys/options',
      effect: 'none',
      summary: 'What a browser needs to make a passkey',
      responses: { 200: shape.PasskeyOptions },
      handler: async (call: Call) => ({
        status: 200,
        body: await offerPasskey(access, demandMe(call), from(call)),
      }),
    },
    {
      method: 'POST',
      path: '/v1/me/passkeys',
      summary: 'Add a passkey',
      body: NewPasskey,
      responses: { 201: shape.Passkey },
      async handler(call: Call<Static<typeof NewPasskey>>) {
        const { name, passkey } = call.body
        const response = passkey as unknown as RegistrationResponseJSON
        const made = await addPasskey(access, demandMe(call), { name, response }, from(call))
        return { status: 201, body: passkeyJson(made) }
      },
    },
    {
      method: 'DELETE',
      path: '/v1/me/passkeys/:id',
      summary: 'Remove a passkey',
      params: Params,
      responses: { 204: { description: 'Removed' } },
      async handler(call: Call<unknown, unknown, Static<typeof Params>>) {
        await removePasskey(access, demandMe(call), demandId('passkey', call.params.id))
        return noContent
      },
    },
  ]
  return routes.map((route) => ({ tag: 'Your access', scope: 'any', own: true, ...route }))
}
