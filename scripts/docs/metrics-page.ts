import { catalogue } from '../../packages/server/src/metrics.ts'
import { generatedFrom, page, table } from './markdown.ts'

interface Entry {
  kind: string
  of: string
  help: string
  labels?: readonly string[]
}

export function metricsPage(): string {
  const entries: [string, Entry][] = Object.entries(catalogue)
  const rows = (of: string) =>
    entries
      .filter(([, entry]) => entry.of === of)
      .map(([name, { kind, help, labels = [] }]) => [
        `\`${name}\``,
        kind,
        labels.map((label) => `\`${label}\``).join(', '),
        `${help}.`,
      ])
  const columns = ['Name', 'Kind', 'Labels', 'What']
  return page(
    generatedFrom('packages/server/src/metrics.ts'),
    '# Metrics',
    'Prometheus reads them at `/metrics` of each node, without a key: keep that address inside your network. Labels hold few values, and never a number, a text or an id. Beside these there are the figures of the process itself (`process_…`, `nodejs_…`), of which `nodejs_eventloop_lag_p99_seconds` and `process_resident_memory_bytes` are worth a line on a page.',
    '[deploy/grafana-dashboard.json](../deploy/grafana-dashboard.json) shows them, [deploy/alerts.yaml](../deploy/alerts.yaml) says when to wake somebody, and [operate.md](operate.md#what-to-watch) why.',
    '## Of the node that was asked',
    'Sum them over nodes.',
    table(columns, rows('node')),
    '## Of the database',
    'Every node says the same, up to ten seconds old: take the maximum over nodes, not the sum.',
    table(columns, rows('database')),
  )
}
