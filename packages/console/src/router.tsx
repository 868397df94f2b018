import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router'
import { type ListSearch, readListSearch } from './messages/filters.ts'
import { NotFound } from './shell/NotFound.tsx'
import { Shell } from './shell/Shell.tsx'

/** The rooms of the console. Each is a chunk of its own, fetched when somebody enters. */
const root = createRootRoute({ component: Shell, notFoundComponent: NotFound })

const send = createRoute({
  getParentRoute: () => root,
  path: '/',
  validateSearch: (raw: Record<string, unknown>): { message?: string } =>
    typeof raw.message === 'string' ? { message: raw.message } : {},
  component: lazyRouteComponent(() => import('./send/SendPage.tsx')),
})

const messages = createRoute({
  getParentRoute: () => root,
  path: '/messages',
  validateSearch: (raw: Record<string, unknown>): ListSearch => readListSearch(raw),
  component: lazyRouteComponent(() => import('./messages/ListPage.tsx')),
})

const message = createRoute({
  getParentRoute: () => root,
  path: '/messages/$id',
  component: lazyRouteComponent(() => import('./messages/DetailPage.tsx')),
})

export const router = createRouter({
  routeTree: root.addChildren([send, messages, message]),
  defaultPreload: 'intent',
  scrollRestoration: true,
  // Values stay plain text in the address: `?number=+49…` is no JSON.
  parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
  stringifySearch: (search) => {
    const text = new URLSearchParams(
      Object.entries(search).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
    )
      .toString()
      .replaceAll('%2C', ',')
    return text ? `?${text}` : ''
  },
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
