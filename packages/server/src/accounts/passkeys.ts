import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server'
import type { Clock } from '../clock.ts'
import { KurzpostError } from '../errors.ts'
import type { Tx } from '../store/db.ts'
import { lockPasskey, type PasskeyRow, passkeysOf, spendChallenge, usePasskey } from './passkey.store.ts'
import type { UserRow } from './user.store.ts'

/** A quarter of a second and 25 MB that only somebody with a passkey is to wait for. */
const library = () => import('@simplewebauthn/server')

/** How long a browser may take; people look for their phones. */
const answerMs = 5 * 60_000
const nonceBytes = 16
const timeBytes = 6
const macBytes = 16

/** Ed25519, ES256 and RS256 (IANA COSE Algorithms): what authenticators have, and Node without a word of warning. */
const algorithms = [-8, -7, -257]

/** What a challenge is for: one that was given out to sign in proves nothing else. */
type Purpose = 'sign-in' | 'proof' | 'register'

export type Passkeys = ReturnType<typeof createPasskeys>

/**
 * Passkeys by WebAuthn: discoverable, with the user verified, so that one stands for password and code together.
 * Challenges are signed and not stored; those that were answered are, until they expire, so that none is taken twice.
 */
export function createPasskeys({ clock, key }: { clock: Clock; key: Buffer }) {
  const mac = (body: Buffer, purpose: Purpose, userId: string): Buffer =>
    createHmac('sha256', key).update(`${purpose}\0${userId}\0`).update(body).digest().subarray(0, macBytes)

  function challenge(purpose: Purpose, userId: string): Uint8Array<ArrayBuffer> {
    const body = Buffer.alloc(nonceBytes + timeBytes)
    randomBytes(nonceBytes).copy(body)
    body.writeUIntBE(clock.now().getTime() + answerMs, nonceBytes, timeBytes)
    return new Uint8Array(Buffer.concat([body, mac(body, purpose, userId)]))
  }

  /** Throws unless the challenge is one of ours, for this, still good and answered for the first time. */
  async function spend(tx: Tx, text: string, purpose: Purpose, userId: string): Promise<boolean> {
    const bytes = Buffer.from(text, 'base64url')
    if (bytes.length !== nonceBytes + timeBytes + macBytes) return false
    const body = bytes.subarray(0, nonceBytes + timeBytes)
    if (!timingSafeEqual(bytes.subarray(body.length), mac(body, purpose, userId))) return false
    const until = new Date(body.readUIntBE(nonceBytes, timeBytes))
    return until > clock.now() && spendChallenge(tx, bytes.toString('base64url'), until)
  }

  const place = (origin: string) => ({ origin, rpId: new URL(origin).hostname })

  return {
    of: passkeysOf,

    /** For `navigator.credentials.get`. */
    async askFor(origin: string, purpose: 'sign-in' | 'proof', userId = '') {
      return (await library()).generateAuthenticationOptions({
        rpID: place(origin).rpId,
        challenge: challenge(purpose, userId),
        timeout: answerMs,
        userVerification: 'required',
      })
    },

    /** For `navigator.credentials.create`. */
    async offer(tx: Tx, origin: string, user: UserRow) {
      return (await library()).generateRegistrationOptions({
        rpName: 'Kurzpost',
        rpID: place(origin).rpId,
        userName: user.email,
        userDisplayName: user.name,
        userID: new Uint8Array(Buffer.from(user.id)),
        challenge: challenge('register', user.id),
        timeout: answerMs,
        attestationType: 'none',
        supportedAlgorithmIDs: algorithms,
        excludeCredentials: (await passkeysOf(tx, user.id)).map(({ credential_id }) => ({
          id: credential_id,
        })),
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      })
    },

    /** What a new passkey is to be remembered by; throws `passkey_refused`. */
    async register(
      tx: Tx,
      origin: string,
      userId: string,
      response: RegistrationResponseJSON,
    ): Promise<Pick<PasskeyRow, 'credential_id' | 'public_key' | 'counter' | 'transports'>> {
      const { rpId } = place(origin)
      const { verifyRegistrationResponse } = await library()
      const verified = await verifyRegistrationResponse({
        response,
        expectedOrigin: origin,
        expectedRPID: rpId,
        expectedChallenge: (text) => spend(tx, text, 'register', userId),
        requireUserVerification: true,
        supportedAlgorithmIDs: algorithms,
      }).catch(refuse)
      if (!verified.verified || !verified.registrationInfo) throw new KurzpostError('passkey_refused')
      const { credential } = verified.registrationInfo
      return {
        credential_id: credential.id,
        public_key: Buffer.from(credential.publicKey),
        counter: credential.counter,
        transports: [...(credential.transports ?? [])],
      }
    },

    /** Whose passkey signed; for a proof it must be the user's. Throws `sign_in_failed`. */
    async verify(
      tx: Tx,
      origin: string,
      response: AuthenticationResponseJSON,
      purpose: 'sign-in' | 'proof',
      userId = '',
    ): Promise<string> {
      const passkey = await lockPasskey(tx, response.id)
      if (!passkey || (userId !== '' && passkey.user_id !== userId)) throw new KurzpostError('sign_in_failed')
      const { verifyAuthenticationResponse } = await library()
      const verified = await verifyAuthenticationResponse({
        response,
        expectedOrigin: origin,
        expectedRPID: place(origin).rpId,
        expectedChallenge: (text) => spend(tx, text, purpose, userId),
        credential: {
          id: passkey.credential_id,
          publicKey: new Uint8Array(passkey.public_key),
          counter: passkey.counter,
        },
        requireUserVerification: true,
      }).catch(() => undefined)
      if (!verified?.verified) throw new KurzpostError('sign_in_failed')
      await usePasskey(tx, passkey.credential_id, verified.authenticationInfo.newCounter, clock.now())
      return passkey.user_id
    },
  }
}

/** The library says what is wrong in prose that may quote the browser: for the log's cause, not for the caller. */
function refuse(cause: unknown): never {
  throw new KurzpostError('passkey_refused', { cause })
}
