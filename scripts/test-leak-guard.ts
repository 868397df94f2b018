/**
 * Loaded into each test file's process by scripts/test.ts. A file whose tests are over and that does not end
 * (a socket, a timer, a child left open) fails with what it left, in place of hanging the run.
 */
import { after } from 'node:test'

const graceMs = 15_000

if (process.env.NODE_TEST_CONTEXT) {
  after(() => {
    setTimeout(() => {
      console.error(
        `The tests are over, but these are still open: ${process.getActiveResourcesInfo().join(', ')}`,
      )
      process.exit(1)
    }, graceMs).unref()
  })
}
