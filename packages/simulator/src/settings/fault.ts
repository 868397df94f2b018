import { faultGroups, faultNames } from '../smsc/faults/groups.ts'
import { choicesForAll, wordsOf } from './choices.ts'
import { count, flag, oneOf, share } from './kinds.ts'

/** What breaks. Facts groups 1 to 19. */
export const faultSettings = {
  seed: count(
    1,
    0,
    0xffff_ffff,
    'Whatever is drawn is drawn from this: the same seed and input, the same run.',
  ),
  trace: flag(false, 'Keep the log of decisions that GET /trace reads.'),
  malformed: choicesForAll(
    `one of the fault groups ${faultGroups.join(', ')}, or one fault of a group such as 5.1`,
    wordsOf(faultNames),
    'Spoil so many of the PDUs that a group can spoil; README lists the groups.',
  ),
  dropLinkAfter: count(
    0,
    0,
    1_000_000_000,
    'Cut the link at the n-th submit_sm from now: taken and delivered, but unanswered. Counts down to 0 once.',
  ),
  dropLink: share('Cut the link at so many submit_sm.'),
  dropLinkWhen: oneOf(
    ['before-answer', 'after-answer', 'before-taking'],
    'When dropLink and dropLinkAfter cut: taken but unanswered, right behind the answer, or before the message was taken.',
  ),
  unbindAfter: count(
    0,
    0,
    1_000_000_000,
    'Unbind at the n-th submit_sm from now, inside its window. Counts down to 0 once.',
  ),
  silent: flag(false, 'Answer nothing at all while TCP lives: every link is half open, new ones too.'),
  silentAfter: count(
    0,
    0,
    1_000_000_000,
    'Fall silent on the link of the n-th submit_sm from now. Counts down to 0 once.',
  ),
  enquireLinkNever: flag(false, 'Leave enquire_link unanswered.'),
}
