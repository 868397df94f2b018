/**
 * What a node can do. Nodes are equal and by default do everything; `--roles` keeps some to a part. Which part of
 * the house belongs to which role is told here once, and main.ts starts by it.
 */
export const roles = {
  api: 'HTTP API, event stream, console, and the SMPP server for customers. A node without it answers /healthz, /readyz and /metrics.',
  carriers:
    'Holds bind slots and HTTP carriers: sends, settles answers, takes receipts and inbound messages.',
  jobs: 'Webhooks, scheduled messages, expiry, what is uncertain, moves between routes, housekeeping, and jobs of capabilities.',
} as const
export type Role = keyof typeof roles
export const roleNames = Object.keys(roles) as Role[]

/** `api,jobs` as a list in the order of the table. Throws a sentence for what is no role, and for none at all. */
export function parseRoles(text: string): readonly Role[] {
  const named = text.split(',').map((name) => name.trim())
  if (!named.every((name) => name in roles))
    throw new Error(`it takes one or more of ${roleNames.join(', ')}`)
  return roleNames.filter((name) => named.includes(name))
}
