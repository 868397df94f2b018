import { count, text } from './kinds.ts'
import { status } from './status.ts'
import { time } from './times.ts'

/** Who may bind, when, and how often. Facts groups 20, 21 and 23. */
export const bindSettings = {
  systemId: text(15, 'The only system_id that may bind. Empty: any.'),
  password: { ...text(64, 'The only password that may bind. Empty: any.'), secret: true as const },
  bindStatus: status(0, 'Answer binds with this status. 0: accept them.'),
  bindRefusals: count(0, 0, 1_000_000, 'With bindStatus: refuse only so many, then accept. 0: refuse all.'),
  bindDelayMs: time(0, 'Time from a bind to its answer.'),
  bindLimit: count(
    0,
    0,
    10_000,
    'Binds of one system_id at a time; more are answered RALYBND. 0: any number.',
  ),
  bindLingerMs: count(0, 0, 3_600_000, 'With bindLimit: a link that has gone counts so long as still bound.'),
  bindPauseMs: count(
    0,
    0,
    3_600_000,
    'Least time between two binds of one system_id; sooner is answered RBINDFAIL.',
  ),
  window: count(100, 1, 10_000, 'Unanswered deliver_sm at a time on one bind.'),
}
