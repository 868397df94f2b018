/**
 * Concatenation references (3GPP TS 23.040 §9.2.3.24.1): eight bits that tell the long messages to one phone
 * apart while their segments travel. A counter for each recipient makes 256 messages pass before one repeats;
 * a random choice would repeat among the next 20 with a chance of one in two.
 */
export function createReferences(limit = 50_000): (recipient: string) => number {
  const last = new Map<string, number>()
  return (recipient) => {
    const previous = last.get(recipient)
    last.delete(recipient)
    const reference = previous === undefined ? Math.floor(Math.random() * 256) : (previous + 1) & 0xff
    last.set(recipient, reference)
    if (last.size > limit) last.delete(last.keys().next().value!)
    return reference
  }
}
