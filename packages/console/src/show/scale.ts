/** The top of an axis: 1, 2 or 5 times a power of ten, so that half of it is a round number too; never 0. */
export function scaleTop(most: number): number {
  if (most <= 0) return 1
  const power = 10 ** Math.floor(Math.log10(most))
  return power * ([1, 2, 4, 6, 8, 10].find((step) => step * power >= most) ?? 10)
}

/** Indexes of times that are at least `gapMs` apart, counted from the last one. */
export function sparse(times: readonly number[], gapMs: number): number[] {
  const kept: number[] = []
  for (let index = times.length - 1; index >= 0; index--) {
    const last = kept[0]
    if (last === undefined || times[last]! - times[index]! >= gapMs) kept.unshift(index)
  }
  return kept
}
