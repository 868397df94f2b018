import { Type } from 'typebox'
import type { Config } from '../../config.ts'
import { publicId } from '../../ids.ts'
import { type Call, type Route, scopeNames } from '../../route.ts'
import * as schema from './schemas.ts'

const Info = Type.Object(
  {
    version: Type.String(),
    sandbox: Type.Boolean({ description: 'True: virtual handsets, nothing reaches a real network' }),
    country: Type.String({ description: 'Country of numbers written without a country code' }),
    default_sender: schema.nullable(Type.String()),
    account: Type.Object({ id: Type.String(), name: Type.String() }),
    currency: schema.nullable(Type.String({ description: 'Of the costs of routes; ISO 4217' })),
    public_url: schema.nullable(Type.String()),
    scopes: Type.Array(Type.Enum(scopeNames), { description: 'What the key may do' }),
  },
  { title: 'Info' },
)

/** What a console or a client wants to know about the server and the key that it holds. */
export function infoRoutes(options: {
  config: Pick<Config, 'sandbox' | 'country' | 'defaultSender' | 'currency' | 'publicUrl'>
  version: string
  accountName: (accountId: string) => Promise<string>
}): Route[] {
  const { config, version, accountName } = options
  return [
    {
      method: 'GET',
      path: '/v1/info',
      tag: 'Server',
      scope: 'any',
      summary: 'This server and your account',
      responses: { 200: Info },
      handler: async ({ accountId, scopes }: Call) => ({
        status: 200,
        body: {
          version,
          sandbox: config.sandbox,
          country: config.country,
          default_sender: config.defaultSender ?? null,
          account: { id: publicId('account', accountId), name: await accountName(accountId) },
          currency: config.currency ?? null,
          public_url: config.publicUrl ?? null,
          scopes: [...scopes],
        },
      }),
    },
  ]
}
