/** What the address bar holds of the inbox: the view, the search, and what is open. */

export const viewNames = [
  'mine',
  'unassigned',
  'open',
  'waiting',
  'snoozed',
  'closed',
  'mentioned',
  'flagged',
  'breached',
] as const
export type ViewName = (typeof viewNames)[number]

export interface InboxSearch {
  view?: ViewName
  /** A team in place of a view, tem_… */
  team?: string
  q?: string
  /** The conversation that is open, cnv_… */
  talk?: string
}

const isId = (value: unknown, prefix: string): value is string =>
  typeof value === 'string' && new RegExp(`^${prefix}_[0-9a-z]{26}$`).test(value)

export function readInboxSearch(raw: Record<string, unknown>): InboxSearch {
  const view = viewNames.find((name) => name === raw.view)
  const q = String(raw.q ?? '').slice(0, 100)
  return {
    ...(view ? { view } : {}),
    ...(isId(raw.team, 'tem') ? { team: raw.team } : {}),
    ...(q ? { q } : {}),
    ...(isId(raw.talk, 'cnv') ? { talk: raw.talk } : {}),
  }
}

/** What each view asks the API for. Looking for words looks everywhere. */
const asks: Record<ViewName, readonly [string, string][]> = {
  mine: [
    ['state', 'open'],
    ['assignee', 'me'],
  ],
  unassigned: [
    ['state', 'open'],
    ['assignee', 'none'],
  ],
  open: [['state', 'open']],
  waiting: [['state', 'waiting']],
  snoozed: [['state', 'snoozed']],
  closed: [['state', 'closed']],
  mentioned: [['mentioned', 'true']],
  flagged: [['flagged', 'true']],
  breached: [['breached', 'true']],
}

/** The view that a fresh visit has: what waits for anybody. */
export const firstView: ViewName = 'open'

export function parametersOf({ view = firstView, team, q }: InboxSearch): readonly [string, string][] {
  if (q) return [['q', q]]
  if (team) {
    return [
      ['state', 'open'],
      ['team', team],
    ]
  }
  return asks[view]
}
