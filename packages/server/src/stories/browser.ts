import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rename } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach } from 'node:test'
import chromium from '@sparticuz/chromium'
import { type Browser, type BrowserContextOptions, chromium as engine, type Page } from 'playwright-core'

export interface Visitor {
  page: Page
  /** What the browser complained about: errors of scripts, and what the content security policy stopped. */
  complaints: string[]
}

/**
 * A browser for a test file: the Chromium that npm brings, or the one that CHROME_PATH names (the one from npm
 * runs on Linux only).
 */
export async function openBrowser(): Promise<Browser> {
  const browser = await engine.launch({
    executablePath: process.env.CHROME_PATH ?? (await unpackChromium()),
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'],
    headless: true,
  })
  // A page that is left open keeps listening, and fetches again whatever the next test changes.
  afterEach(() => Promise.all(browser.contexts().map((context) => context.close())))
  after(() => browser.close())
  return browser
}

/**
 * The one from npm unpacks itself into the temporary folder and takes what lies there for whole, also while another
 * test file still writes it. So it is unpacked aside, and moved in once it is whole.
 */
async function unpackChromium(): Promise<string> {
  const folder = tmpdir()
  const shared = join(folder, 'chromium')
  if (existsSync(shared)) return shared
  const aside = await mkdtemp(join(folder, 'unpack-'))
  const before = process.env.TMPDIR
  process.env.TMPDIR = aside
  try {
    await chromium.executablePath()
    // What another file has moved in already stays; the program comes last, for it is what others look for.
    const parts = (await readdir(aside)).filter((name) => name !== 'chromium')
    for (const name of parts) await rename(join(aside, name), join(folder, name)).catch(() => undefined)
    await rename(join(aside, 'chromium'), shared)
  } finally {
    if (before === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = before
  }
  return shared
}

/** A person with a browser of their own: language, light or dark, size of screen. */
export async function visit(
  browser: Browser,
  address: string,
  options: BrowserContextOptions = {},
): Promise<Visitor> {
  const context = await browser.newContext({
    locale: 'en-GB',
    viewport: { width: 1440, height: 900 },
    reducedMotion: 'reduce',
    permissions: ['clipboard-read', 'clipboard-write'],
    ...options,
  })
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`${message.text()} ${message.location().url}`)
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  await page.goto(address)
  return { page, complaints }
}

const axeSource = readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** What axe finds on the page as it is: `rule: selector` each. */
export async function axeFindings(page: Page): Promise<string[]> {
  await page.evaluate(await axeSource)
  return page.evaluate(`axe.run({ resultTypes: ['violations'], elementRef: true, preload: false }).then(({ violations }) =>
    violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => id + ': ' + target.join(' '))))`)
}
