import { hash } from 'node:crypto'

/** Octets of a block of SHA-256 [FIPS 180-4 §1]. */
const blockBytes = 64
/** Texts up to here are hashed in a place that is kept. */
const roomBytes = 512

/**
 * HMAC-SHA-256 [RFC 2104 §2] of short texts under one key of at most a block, for what is hashed by the million: two
 * hashes in places that are kept cost half of what `createHmac` takes to set up its objects.
 */
export function keyedHash(key: Uint8Array): (text: string) => Buffer {
  if (key.length > blockBytes) throw new RangeError(`a key has at most ${blockBytes} octets`)
  const padded = (octet: number, room: number): Buffer => {
    const place = Buffer.alloc(blockBytes + room, octet)
    for (const [at, each] of key.entries()) place[at] = each ^ octet
    return place
  }
  const inner = padded(0x36, roomBytes)
  const outer = padded(0x5c, 32)
  const innerOf = (text: string): Buffer => {
    // A character of UTF-16 takes at most three octets.
    if (text.length * 3 > roomBytes)
      return Buffer.concat([inner.subarray(0, blockBytes), Buffer.from(text, 'utf8')])
    return inner.subarray(0, blockBytes + inner.write(text, blockBytes))
  }
  return (text) => {
    // As text, for the driver of the hash makes a new buffer slower than a string.
    outer.write(hash('sha256', innerOf(text), 'latin1'), blockBytes, 'latin1')
    return Buffer.from(hash('sha256', outer, 'latin1'), 'latin1')
  }
}
