/**
 * What the server says of a field, in words for people: the first pattern that fits. What fits none is shown as
 * the server says it.
 */
export const problems: readonly [RegExp, (...parts: string[]) => string][] = [
  [/^must match pattern/, () => 'This has not the right form, or a character that is not allowed here.'],
  [/^is missing$/, () => 'This is missing.'],
  [/^is unknown here$/, () => 'There is no such setting here.'],
  [/^must be an? (?:number|integer)$/, () => 'This is not a number.'],
  [/^must be >= (.+)$/, (least) => `At least ${least}.`],
  [/^must be > (.+)$/, (least) => `More than ${least}.`],
  [/^must be <= (.+)$/, (most) => `At most ${most}.`],
  [/^must not have more than (\d+) characters$/, (most) => `At most ${most} characters.`],
  [
    /^must not have fewer than (\d+) characters$/,
    (least) => (least === '1' ? 'This is missing.' : `At least ${least} characters.`),
  ],
  [/^must not have fewer than (\d+) items$/, (least) => `At least ${least}.`],
  [/^must not have more than (\d+) items$/, (most) => `At most ${most}.`],
]
