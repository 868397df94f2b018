import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import type { Page } from 'playwright-core'
import { readConfig } from '../config.ts'
import { silentLog } from '../log.ts'
import { serve } from '../main.ts'
import { testDatabase } from '../store/testing.ts'
import { axeFindings } from './browser.ts'
import { call, storyKey } from './house.ts'

/** A server in sandbox mode for a file of console stories, and the address by which somebody enters. */
export async function openConsoleHouse() {
  const dataDir = mkdtempSync(join(tmpdir(), 'kurzpost-console-'))
  const server = await serve(
    readConfig({
      DATABASE_URL: (await testDatabase()).url,
      KURZPOST_DATA_DIR: dataDir,
      KURZPOST_PORT: '0',
      KURZPOST_SANDBOX: 'on',
      KURZPOST_CURRENCY: 'EUR',
      KURZPOST_SIMULATOR_SMPP_PORT: '0',
      KURZPOST_SIMULATOR_HTTP_PORT: '0',
      KURZPOST_BOOTSTRAP_KEY: storyKey,
      KURZPOST_LOG: 'silent',
    }),
    silentLog,
  )
  after(async () => {
    await server.stop()
    rmSync(dataDir, { recursive: true, force: true })
  })
  const authorization = `Bearer ${storyKey}`
  const api = (method: string, path: string, body?: unknown) =>
    call(server.url + path, method, body, { authorization })
  return {
    url: server.url,
    door: `${server.url}/#key=${storyKey}`,
    /** The address of a page, with the key. */
    at: (path: string) => `${server.url}${path}#key=${storyKey}`,
    authorization,
    api,
    send: (to: string, text: string) => api('POST', '/v1/messages', { to, text }),
  }
}

/** What is wrong with the look of the page as it is: what axe finds, and what is wider than the screen. */
export async function look(page: Page): Promise<string[]> {
  const wider = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')
  return [
    ...(wider > 0 ? [`the page is ${wider} px wider than the screen`] : []),
    ...(await axeFindings(page)),
  ]
}
