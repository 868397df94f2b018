import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router'
import {
  readFormsSearch,
  readLookSearch,
  readOptOutsSearch,
  readProofSearch,
  readTopicsSearch,
} from './consent/search.ts'
import { type InboxSearch, readInboxSearch } from './inbox/search.ts'
import { readKeywordSearch } from './keywords/search.ts'
import { type ListSearch, readListSearch } from './messages/filters.ts'
import {
  readCarrierSearch,
  readFindSearch,
  readLoginsSearch,
  readNewSearch,
  readNumbersSearch,
  readRoutesSearch,
} from './operate-search.ts'
import {
  readAudiencesSearch,
  readImportSearch,
  readListsSearch,
  readPeopleSearch,
  readPersonSearch,
  readSegmentsSearch,
} from './people/search.ts'
import { readAuditSearch, readKeysSearch, readUsersSearch, readWebhooksSearch } from './settings/search.ts'
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

const inbox = createRoute({
  getParentRoute: () => root,
  path: '/inbox',
  validateSearch: (raw: Record<string, unknown>): InboxSearch => readInboxSearch(raw),
  component: lazyRouteComponent(() => import('./inbox/InboxPage.tsx')),
})

const inboxSettings = createRoute({
  getParentRoute: () => root,
  path: '/inbox/settings',
  component: lazyRouteComponent(() => import('./inbox/settings/SettingsPage.tsx')),
})

const consent = createRoute({
  getParentRoute: () => root,
  path: '/consent',
  validateSearch: readLookSearch,
  component: lazyRouteComponent(() => import('./consent/LookUpPage.tsx')),
})

const consentProof = createRoute({
  getParentRoute: () => root,
  path: '/consent/proof',
  validateSearch: readProofSearch,
  component: lazyRouteComponent(() => import('./consent/ProofPage.tsx')),
})

const topics = createRoute({
  getParentRoute: () => root,
  path: '/topics',
  validateSearch: readTopicsSearch,
  component: lazyRouteComponent(() => import('./consent/TopicsPage.tsx')),
})

const optOuts = createRoute({
  getParentRoute: () => root,
  path: '/opt-outs',
  validateSearch: readOptOutsSearch,
  component: lazyRouteComponent(() => import('./consent/OptOutsPage.tsx')),
})

const quietHours = createRoute({
  getParentRoute: () => root,
  path: '/quiet-hours',
  component: lazyRouteComponent(() => import('./consent/hours/HoursPage.tsx')),
})

const signUpForms = createRoute({
  getParentRoute: () => root,
  path: '/sign-up-forms',
  validateSearch: readFormsSearch,
  component: lazyRouteComponent(() => import('./consent/forms/FormsPage.tsx')),
})

const people = createRoute({
  getParentRoute: () => root,
  path: '/people',
  validateSearch: readPeopleSearch,
  component: lazyRouteComponent(() => import('./people/ListPage.tsx')),
})

const person = createRoute({
  getParentRoute: () => root,
  path: '/people/$id',
  validateSearch: readPersonSearch,
  component: lazyRouteComponent(() => import('./people/DetailPage.tsx')),
})

const peopleImport = createRoute({
  getParentRoute: () => root,
  path: '/people/import',
  validateSearch: readImportSearch,
  component: lazyRouteComponent(() => import('./people/ImportPage.tsx')),
})

const peopleDuplicates = createRoute({
  getParentRoute: () => root,
  path: '/people/duplicates',
  component: lazyRouteComponent(() => import('./people/DuplicatesPage.tsx')),
})

const peopleData = createRoute({
  getParentRoute: () => root,
  path: '/people/data',
  component: lazyRouteComponent(() => import('./people/DataPage.tsx')),
})

const lists = createRoute({
  getParentRoute: () => root,
  path: '/lists',
  validateSearch: readListsSearch,
  component: lazyRouteComponent(() => import('./people/ListsPage.tsx')),
})

const segments = createRoute({
  getParentRoute: () => root,
  path: '/segments',
  validateSearch: readSegmentsSearch,
  component: lazyRouteComponent(() => import('./people/SegmentsPage.tsx')),
})

const audiences = createRoute({
  getParentRoute: () => root,
  path: '/audiences',
  validateSearch: readAudiencesSearch,
  component: lazyRouteComponent(() => import('./people/AudiencesPage.tsx')),
})

const keywords = createRoute({
  getParentRoute: () => root,
  path: '/keywords',
  validateSearch: readFindSearch,
  component: lazyRouteComponent(() => import('./keywords/ListPage.tsx')),
})

const newKeyword = createRoute({
  getParentRoute: () => root,
  path: '/keywords/new',
  validateSearch: readKeywordSearch,
  component: lazyRouteComponent(() => import('./keywords/NewPage.tsx')),
})

const keyword = createRoute({
  getParentRoute: () => root,
  path: '/keywords/$id',
  component: lazyRouteComponent(() => import('./keywords/DetailPage.tsx')),
})

const carriers = createRoute({
  getParentRoute: () => root,
  path: '/carriers',
  validateSearch: readFindSearch,
  component: lazyRouteComponent(() => import('./carriers/ListPage.tsx')),
})

const newCarrier = createRoute({
  getParentRoute: () => root,
  path: '/carriers/new',
  validateSearch: readNewSearch,
  component: lazyRouteComponent(() => import('./carriers/NewPage.tsx')),
})

const carrier = createRoute({
  getParentRoute: () => root,
  path: '/carriers/$id',
  validateSearch: readCarrierSearch,
  component: lazyRouteComponent(() => import('./carriers/DetailPage.tsx')),
})

const routes = createRoute({
  getParentRoute: () => root,
  path: '/routes',
  validateSearch: readRoutesSearch,
  component: lazyRouteComponent(() => import('./routes/RoutesPage.tsx')),
})

const queue = createRoute({
  getParentRoute: () => root,
  path: '/queue',
  component: lazyRouteComponent(() => import('./queue/QueuePage.tsx')),
})

const nodes = createRoute({
  getParentRoute: () => root,
  path: '/nodes',
  component: lazyRouteComponent(() => import('./nodes/NodesPage.tsx')),
})

const logins = createRoute({
  getParentRoute: () => root,
  path: '/smpp-logins',
  validateSearch: readLoginsSearch,
  component: lazyRouteComponent(() => import('./logins/LoginsPage.tsx')),
})

const numbers = createRoute({
  getParentRoute: () => root,
  path: '/numbers',
  validateSearch: readNumbersSearch,
  component: lazyRouteComponent(() => import('./numbers/NumbersPage.tsx')),
})

const users = createRoute({
  getParentRoute: () => root,
  path: '/users',
  validateSearch: readUsersSearch,
  component: lazyRouteComponent(() => import('./users/UsersPage.tsx')),
})

const myAccess = createRoute({
  getParentRoute: () => root,
  path: '/my-access',
  component: lazyRouteComponent(() => import('./settings/MyAccessPage.tsx')),
})

const keys = createRoute({
  getParentRoute: () => root,
  path: '/keys',
  validateSearch: readKeysSearch,
  component: lazyRouteComponent(() => import('./settings/KeysPage.tsx')),
})

const webhooks = createRoute({
  getParentRoute: () => root,
  path: '/webhooks',
  validateSearch: readWebhooksSearch,
  component: lazyRouteComponent(() => import('./settings/WebhooksPage.tsx')),
})

const audit = createRoute({
  getParentRoute: () => root,
  path: '/audit',
  validateSearch: readAuditSearch,
  component: lazyRouteComponent(() => import('./settings/AuditPage.tsx')),
})

/** The shell shows it in place of every room: whoever has a link is not in yet. */
const welcome = createRoute({ getParentRoute: () => root, path: '/welcome', component: () => null })

export const router = createRouter({
  routeTree: root.addChildren([
    send,
    messages,
    message,
    inbox,
    inboxSettings,
    consent,
    consentProof,
    topics,
    optOuts,
    quietHours,
    signUpForms,
    people,
    person,
    peopleImport,
    peopleDuplicates,
    peopleData,
    lists,
    segments,
    audiences,
    keywords,
    newKeyword,
    keyword,
    carriers,
    newCarrier,
    carrier,
    routes,
    queue,
    nodes,
    logins,
    numbers,
    users,
    myAccess,
    keys,
    webhooks,
    audit,
    welcome,
  ]),
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
