import { BlockList, isIP, SocketAddress } from 'node:net'

/**
 * One spelling for every address: IPv6 in its short form and without a zone, and an IPv4 address that a dual-stack
 * socket shows as `::ffff:192.0.2.1` as `192.0.2.1`. What is no address stays as it is.
 */
export function plainAddress(address: string): string {
  const bare = address.split('%', 1)[0]!
  if (isIP(bare) !== 6) return bare
  const short = new SocketAddress({ address: bare, family: 'ipv6' }).address
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(short)
  return mapped?.[1] ?? short
}

/**
 * What limits count by: an IPv4 address, or the first 64 bits of an IPv6 address, since that is the least which one
 * customer has and any host in it can choose the rest anew for every connection. Takes a plain address.
 */
export function addressKey(address: string): string {
  if (isIP(address) !== 6) return address
  const [head = '', tail] = address.split('::', 2)
  const groups = (text: string | undefined): string[] => (text ? text.split(':') : [])
  const before = groups(head)
  const behind = groups(tail)
  const zeros = new Array<string>(8 - before.length - behind.length).fill('0')
  return `${[...before, ...zeros, ...behind].slice(0, 4).join(':')}::/64`
}

export type AddressList = (address: string) => boolean

/**
 * Tells whether a plain address is in one of the blocks: `['192.0.2.0/24', '2001:db8::/32', '198.51.100.7']`.
 * Throws RangeError for what is none of these.
 */
export function createAddressList(blocks: readonly string[]): AddressList {
  const list = new BlockList()
  for (const block of blocks) {
    const [address = '', bits, surplus] = block.split('/')
    const version = isIP(address)
    const width = version === 4 ? 32 : 128
    if (
      version === 0 ||
      surplus !== undefined ||
      (bits !== undefined && !(/^\d{1,3}$/.test(bits) && Number(bits) <= width))
    )
      throw new RangeError(`not an address or a block of addresses: ${block}`)
    list.addSubnet(address, bits === undefined ? width : Number(bits), version === 4 ? 'ipv4' : 'ipv6')
  }
  return (address) => {
    const version = isIP(address)
    return version !== 0 && list.check(address, version === 4 ? 'ipv4' : 'ipv6')
  }
}
