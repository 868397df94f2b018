export interface HexLine {
  offset: string
  bytes: string
  ascii: string
}

/** A classic dump: offset, bytes, printable ASCII, `width` octets a line. */
export function hexLines(hex: string, width: number): HexLine[] {
  const octets = hex.match(/[0-9a-f]{2}/gi) ?? []
  const lines: HexLine[] = []
  for (let at = 0; at < octets.length; at += width) {
    const line = octets.slice(at, at + width)
    lines.push({
      offset: at.toString(16).padStart(4, '0'),
      bytes: line
        .join(' ')
        .toLowerCase()
        .padEnd(width * 3 - 1),
      ascii: line
        .map((octet) => {
          const code = Number.parseInt(octet, 16)
          return code >= 0x20 && code < 0x7f ? String.fromCharCode(code) : '·'
        })
        .join(''),
    })
  }
  return lines
}
