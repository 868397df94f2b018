import { call } from './client.ts'

/**
 * Passkeys by the browser's own JSON forms (WebAuthn Level 3 §5.1.8), which every browser has that has passkeys in more
 * than one device.
 */
export const canPasskeys = (): boolean =>
  typeof PublicKeyCredential !== 'undefined' &&
  'parseRequestOptionsFromJSON' in PublicKeyCredential &&
  // Browsers bind passkeys to names: a bare address has none.
  !/^[\d.]+$|^\[/.test(location.hostname)

async function answer(optionsPath: string): Promise<unknown> {
  const options = await call<PublicKeyCredentialRequestOptionsJSON>(optionsPath, { method: 'POST' })
  const credential = await navigator.credentials.get({
    publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options),
  })
  return (credential as PublicKeyCredential).toJSON()
}

/** Throws what the browser throws when its user thinks better of it: a DOMException named NotAllowedError. */
export const signInByPasskey = async () => {
  const passkey = await answer('/v1/session/passkey/options')
  await call('/v1/session/passkey', { method: 'POST', body: { passkey } })
}

export const proveByPasskey = async () => {
  const passkey = await answer('/v1/session/proof/passkey/options')
  await call('/v1/session/proof/passkey', { method: 'POST', body: { passkey } })
}

export async function makePasskey(name: string): Promise<void> {
  const options = await call<PublicKeyCredentialCreationOptionsJSON>('/v1/me/passkeys/options', {
    method: 'POST',
  })
  const made = await navigator.credentials.create({
    publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options),
  })
  const passkey = (made as PublicKeyCredential).toJSON()
  await call('/v1/me/passkeys', { method: 'POST', body: { name, passkey } })
}

/** The reader has closed the browser's own question: nothing to complain about. */
export const thoughtBetter = (error: unknown): boolean =>
  error instanceof DOMException && (error.name === 'NotAllowedError' || error.name === 'AbortError')
