import { operatePages, peoplePages, servicePages, settingsPages } from './destinations.ts'

/** What a room asks of whoever enters: a scope, `me` for people who are signed in, or nothing. */
const rooms: readonly { href: string; scope: string }[] = [
  { href: '/messages', scope: 'messages:read' },
  { href: '/inbox', scope: 'inbox' },
  ...peoplePages,
  ...servicePages,
  ...settingsPages,
  ...operatePages.map(({ href }) => ({ href, scope: 'operate' })),
]

export const scopeOf = (href: string): string | undefined =>
  href === '/' ? 'messages:write' : rooms.find((room) => href.startsWith(room.href))?.scope
