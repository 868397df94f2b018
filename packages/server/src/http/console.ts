import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'
import { consoleHeaders } from './headers.ts'

export interface Page {
  headers: Record<string, string>
  html: string
}

declare module 'fastify' {
  interface FastifyInstance {
    /** The console's page for addresses that no route knows, when a browser asks for one. */
    consolePage?: (request: Pick<FastifyRequest, 'method' | 'url' | 'headers'>) => Page | undefined
  }
}

/** Stands in the built page wherever the nonce of the style sheet policy belongs. */
const nonceMark = '__CSP_NONCE__'

/** Serves the built console at `/`; its addresses are its own, so every page address gets the one page. */
export async function mountConsole(app: FastifyInstance, dir: string | undefined): Promise<void> {
  const index = dir === undefined ? undefined : join(dir, 'index.html')
  if (dir === undefined || index === undefined || !existsSync(index)) {
    app.get('/', (_request, reply) => reply.redirect('/docs'))
    return
  }
  const template = readFileSync(index, 'utf8')
  const page = (): Page => {
    const nonce = randomBytes(16).toString('base64')
    return {
      headers: {
        ...consoleHeaders(nonce),
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-store',
      },
      html: template.replaceAll(nonceMark, nonce),
    }
  }
  app.decorate('consolePage', (request) => {
    const wantsPage = request.method === 'GET' && request.headers.accept?.includes('text/html')
    const { pathname } = new URL(request.url, 'http://localhost')
    const isPage = !pathname.startsWith('/v1/') && !basename(pathname).includes('.')
    return wantsPage && isPage ? page() : undefined
  })
  app.get('/', (_request, reply) => {
    const { headers, html } = page()
    return reply.headers(headers).send(html)
  })
  await app.register(fastifyStatic, {
    root: dir,
    // A route a file: what is not there falls through to the page, and nothing outside is ever looked at.
    wildcard: false,
    index: false,
    cacheControl: false,
    globIgnore: ['**/index.html', '**/*.map'],
    setHeaders(reply, path) {
      reply.header('x-content-type-options', 'nosniff')
      // Vite names the files under assets/ by their content.
      const forever = path.includes('/assets/')
      reply.header('cache-control', forever ? 'public, max-age=31536000, immutable' : 'no-cache')
    },
  })
}
