import type { Command } from 'commander'
import { readConfig } from '../config.ts'
import { listAll } from '../fleet/nodes.store.ts'
import { type NodeJson, nodeJson } from '../fleet/nodes-api.ts'
import { createLog } from '../log.ts'
import { openDb } from '../store/db.ts'
import { withDatabase } from './database.ts'
import { say } from './say.ts'
import { type Column, table } from './table.ts'

export const nodesCommand = (command: Command): Command =>
  command
    .option('--json', 'print what GET /v1/nodes answers')
    .addHelpText(
      'after',
      `
Looks straight into the database, so it works while no node answers. A node that has stopped cleanly is not shown; one that
has died is, for a day.

Example:
  DATABASE_URL=postgres://… kurzpost nodes`,
    )
    .action(nodesAction)

async function nodesAction({ json }: { json?: true }): Promise<void> {
  const log = createLog('warn')
  const nodes = await withDatabase(readConfig(process.env), log, async (url) => {
    const db = openDb(url, { max: 1, log, name: 'kurzpost nodes' })
    try {
      return (await listAll(db)).map(nodeJson)
    } finally {
      await db.close()
    }
  })
  if (json) say.answer(JSON.stringify({ data: nodes }, null, 2))
  else if (nodes.length === 0) say.note('No node has run here in the last day.')
  else for (const line of table(columns, nodes)) say.answer(line)
}

const columns: readonly Column<NodeJson>[] = [
  ['node', ({ number }) => String(number)],
  ['state', ({ alive, draining }) => (alive ? (draining ? 'draining' : 'alive') : 'dead')],
  ['host', ({ host, pid }) => `${host} (${pid})`],
  ['version', ({ version }) => version],
  ['roles', ({ roles }) => roles.join(',')],
  ['url', ({ url }) => url || '-'],
  ['started', ({ started_at }) => started_at.slice(0, 19).replace('T', ' ')],
  ['seen', ({ seen_at }) => seen_at.slice(11, 19)],
  ['cpu', ({ report }) => (report.cpu === undefined ? '-' : `${Math.round(report.cpu * 100)}%`)],
  [
    'memory',
    ({ report }) => (report.memory === undefined ? '-' : `${Math.round(report.memory / 2 ** 20)} MiB`),
  ],
  [
    'binds',
    ({ binds }) => binds.map((bind) => `${bind.carrier}/${bind.slot} ${bind.state}`).join(', ') || '-',
  ],
]
