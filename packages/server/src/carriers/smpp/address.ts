import { compilePattern } from '../pattern.ts'
import type { SmppSettings } from './settings.ts'

/** An address as SMPP carries it: type of number, numbering plan, digits or name. [SMPP 3.4 §5.2.5, §5.2.6] */
export interface SmppAddress {
  ton: number
  npi: number
  address: string
}

type OutRules = SmppSettings['source_addresses']
type InRules = SmppSettings['inbound_addresses']

/** Longest address that the core keeps. */
const longest = 64
const moved = (text: string, { strip, add }: { strip: string; add: string }): string =>
  add + (strip !== '' && text.startsWith(strip) ? text.slice(strip.length) : text)

/** Our spelling to the carrier's, by the first rule that matches; empty for none and for what no rule matches. */
export function addressWriter(rules: OutRules): (address: string | null) => SmppAddress {
  const ready = rules.map((rule) => ({ ...rule, pattern: compilePattern(rule.match) }))
  return (address) => {
    const rule = address === null ? undefined : ready.find(({ pattern }) => pattern.test(address))
    return rule
      ? { ton: rule.ton, npi: rule.npi, address: moved(address!, rule) }
      : { ton: 0, npi: 0, address: '' }
  }
}

/** The carrier's spelling to ours. What no rule matches stays as it came. */
export function addressReader(rules: InRules): (address: Omit<SmppAddress, 'npi'>) => string {
  const ready = rules.map((rule) => ({ ...rule, pattern: compilePattern(rule.match) }))
  return ({ ton, address }) => {
    const text = address.trim()
    const rule = ready.find((one) => (one.ton === undefined || one.ton === ton) && one.pattern.test(text))
    return (rule ? moved(text, rule) : text).slice(0, longest)
  }
}
