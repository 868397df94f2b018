/** What a browser calls itself, in two words; undefined for what says nothing that people would know. */
export function readAgent(agent: string): { browser: string; system: string } | undefined {
  // In this order: each one names the ones before it, too.
  const browser = (
    [
      ['Edge', /Edg\//],
      ['Opera', /OPR\//],
      ['Firefox', /Firefox\//],
      ['Chrome', /Chrom(e|ium)\//],
      ['Safari', /Safari\//],
    ] as const
  ).find(([, pattern]) => pattern.test(agent))?.[0]
  const system = (
    [
      ['Android', /Android/],
      ['iPhone', /iPhone/],
      ['iPad', /iPad/],
      ['Windows', /Windows/],
      ['macOS', /Mac OS X/],
      ['Linux', /Linux/],
    ] as const
  ).find(([, pattern]) => pattern.test(agent))?.[0]
  return browser && system ? { browser, system } : undefined
}
