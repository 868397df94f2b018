/**
 * Writes the pages of docs/ that follow from the code: errors, events, settings, the states of a message, metrics,
 * the OpenAPI document, and which tests hold which habit of the networks. `--check` writes nothing and fails when a page is not what the code says.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { configPage } from './docs/config-page.ts'
import { errorsPage } from './docs/errors-page.ts'
import { eventsPage } from './docs/events-page.ts'
import { interopPage } from './docs/interop-page.ts'
import { metricsPage } from './docs/metrics-page.ts'
import { openApiPage } from './docs/openapi-page.ts'
import { smppCarriersPage } from './docs/smpp-carriers-page.ts'
import { smppServerPage } from './docs/smpp-server-page.ts'
import { statesPage } from './docs/states-page.ts'

const pages: Readonly<Record<string, () => string>> = {
  'errors.md': errorsPage,
  'events.md': eventsPage,
  'config.md': configPage,
  'states.md': statesPage,
  'metrics.md': metricsPage,
  'interop.md': interopPage,
  'smpp-carriers.md': smppCarriersPage,
  'smpp-server.md': smppServerPage,
  'openapi.json': openApiPage,
}

const check = process.argv.includes('--check')
const drifted: string[] = []
for (const [name, page] of Object.entries(pages)) {
  const path = new URL(`../docs/${name}`, import.meta.url)
  const text = page()
  if (existsSync(path) && readFileSync(path, 'utf8') === text) continue
  drifted.push(`docs/${name}`)
  if (!check) writeFileSync(path, text)
}
if (drifted.length === 0) console.log('The generated pages of docs/ are current.')
else if (check) {
  console.error(`These pages are not what the code says: ${drifted.join(', ')}. Run \`npm run generate\`.`)
  process.exitCode = 1
} else console.log(`Wrote ${drifted.join(', ')}.`)
