import { createHash, createSign, generateKeyPairSync, randomBytes } from 'node:crypto'

/** What the parts of WebAuthn that are bytes need of CBOR (RFC 8949): small integers, bytes, texts and maps. */
function cbor(value: unknown): Buffer {
  const head = (major: number, count: number): Buffer =>
    count < 24
      ? Buffer.from([(major << 5) | count])
      : count < 256
        ? Buffer.from([(major << 5) | 24, count])
        : Buffer.from([(major << 5) | 25, count >> 8, count & 255])
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value)
  if (Buffer.isBuffer(value)) return Buffer.concat([head(2, value.length), value])
  if (typeof value === 'string') return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)])
  const entries = [...(value as Map<unknown, unknown>)]
  return Buffer.concat([head(5, entries.length), ...entries.flatMap((pair) => pair.map(cbor))])
}

const sha256 = (data: string | Buffer): Buffer => createHash('sha256').update(data).digest()
const text = (bytes: Buffer): string => bytes.toString('base64url')

const [present, verified, attested] = [1, 4, 64]

/** A passkey in software, for tests (WebAuthn Level 3 §6.1): ES256, no attestation, a counter that rises with each use. */
export function createSoftPasskey(origin: string, options: { verifies?: boolean; counts?: boolean } = {}) {
  const { verifies = true, counts = true } = options
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
  const id = randomBytes(16)
  const rpId = sha256(new URL(origin).hostname)
  const flags = present | (verifies ? verified : 0)
  let counter = 0

  const clientData = (type: string, challenge: string, from: string): Buffer =>
    Buffer.from(JSON.stringify({ type, challenge, origin: from, crossOrigin: false }))
  const authData = (more: number, ...rest: Buffer[]): Buffer => {
    const count = Buffer.alloc(4)
    count.writeUInt32BE(counts ? ++counter : 0)
    return Buffer.concat([rpId, Buffer.from([flags | more]), count, ...rest])
  }
  const common = { id: text(id), rawId: text(id), type: 'public-key', clientExtensionResults: {} }

  return {
    /** Answers `navigator.credentials.create`. */
    create({ challenge }: { challenge: string }, from = origin) {
      const key = new Map<number, unknown>([
        [1, 2],
        [3, -7],
        [-1, 1],
        [-2, Buffer.from(x, 'base64url')],
        [-3, Buffer.from(y, 'base64url')],
      ])
      const data = authData(attested, Buffer.alloc(16), Buffer.from([0, id.length]), id, cbor(key))
      const attestation = new Map<string, unknown>([
        ['fmt', 'none'],
        ['attStmt', new Map()],
        ['authData', data],
      ])
      return {
        ...common,
        response: {
          clientDataJSON: text(clientData('webauthn.create', challenge, from)),
          attestationObject: text(cbor(attestation)),
          transports: ['internal'],
        },
      }
    },
    /** Answers `navigator.credentials.get`. */
    get({ challenge }: { challenge: string }, from = origin) {
      const client = clientData('webauthn.get', challenge, from)
      const data = authData(0)
      const signature = createSign('sha256')
        .update(Buffer.concat([data, sha256(client)]))
        .sign(privateKey)
      return {
        ...common,
        response: {
          clientDataJSON: text(client),
          authenticatorData: text(data),
          signature: text(signature),
        },
      }
    },
    /** A copy of it elsewhere has not counted what the first has done. */
    turnBack: () => {
      counter = 0
    },
  }
}
