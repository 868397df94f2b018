const char = String.fromCharCode

/**
 * The octets from `from` up to `to` as Latin-1, so that every octet survives. Addresses and ids are short, and up to 16
 * characters one or two calls of fromCharCode (25 to 50 ns) beat the native decoder (90 ns); adding up single
 * characters would make a rope that is paid for when it is first read.
 */
export function latin1(octets: Buffer, from: number, to: number): string {
  const length = to - from
  if (length <= 8) return upToEight(octets, from, length)
  if (length <= 16) return upToEight(octets, from, 8) + upToEight(octets, from + 8, length - 8)
  return octets.toString('latin1', from, to)
}

function upToEight(b: Buffer, i: number, length: number): string {
  switch (length) {
    case 0:
      return ''
    case 1:
      return char(b[i]!)
    case 2:
      return char(b[i]!, b[i + 1]!)
    case 3:
      return char(b[i]!, b[i + 1]!, b[i + 2]!)
    case 4:
      return char(b[i]!, b[i + 1]!, b[i + 2]!, b[i + 3]!)
    case 5:
      return char(b[i]!, b[i + 1]!, b[i + 2]!, b[i + 3]!, b[i + 4]!)
    case 6:
      return char(b[i]!, b[i + 1]!, b[i + 2]!, b[i + 3]!, b[i + 4]!, b[i + 5]!)
    case 7:
      return char(b[i]!, b[i + 1]!, b[i + 2]!, b[i + 3]!, b[i + 4]!, b[i + 5]!, b[i + 6]!)
    default:
      return char(b[i]!, b[i + 1]!, b[i + 2]!, b[i + 3]!, b[i + 4]!, b[i + 5]!, b[i + 6]!, b[i + 7]!)
  }
}
