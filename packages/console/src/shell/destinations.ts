import { bareNumber, looksDialable, showNumber } from '../format/phone.ts'
import {
  IconAudiences,
  IconAudit,
  IconCarriers,
  IconConsent,
  IconContacts,
  IconForms,
  IconKey,
  IconKeywords,
  IconLists,
  IconLogins,
  IconNodes,
  IconNumbers,
  IconOptOuts,
  IconPeople,
  IconPerson,
  IconQueue,
  IconQuiet,
  IconRoutes,
  IconSegments,
  IconTopics,
  IconWebhooks,
} from '../icons.ts'
import { viewNames } from '../inbox/search.ts'
import { filterLooks } from '../state/look.ts'
import type { Strings } from '../strings/en.ts'

export interface Destination {
  /** In the address bar's own words; `/docs` leaves the console. */
  href: string
  label: string
}

const messageId = /msg_[0-9a-z]{26}/
const carrierId = /car_[0-9a-z]{26}/

/** The rooms about people, in the order of the rail. */
export const peoplePages = [
  { href: '/people', scope: 'contacts', icon: IconContacts, label: (t: Strings) => t.people.title },
  { href: '/lists', scope: 'contacts', icon: IconLists, label: (t: Strings) => t.people.lists.title },
  {
    href: '/segments',
    scope: 'contacts',
    icon: IconSegments,
    label: (t: Strings) => t.people.segments.title,
  },
  {
    href: '/audiences',
    scope: 'contacts',
    icon: IconAudiences,
    label: (t: Strings) => t.people.audiences.title,
  },
  { href: '/consent', scope: 'consent', icon: IconConsent, label: (t: Strings) => t.consent.title },
  { href: '/topics', scope: 'consent', icon: IconTopics, label: (t: Strings) => t.consent.topics.title },
  { href: '/opt-outs', scope: 'consent', icon: IconOptOuts, label: (t: Strings) => t.consent.optOuts.title },
  { href: '/sign-up-forms', scope: 'consent', icon: IconForms, label: (t: Strings) => t.forms.title },
  { href: '/quiet-hours', scope: 'consent', icon: IconQuiet, label: (t: Strings) => t.hours.title },
] as const

/** What people can use by text message, in the order of the rail. */
export const servicePages = [
  { href: '/keywords', scope: 'keywords', icon: IconKeywords, label: (t: Strings) => t.keywords.title },
] as const

/** The rooms of operation, in the order of the rail. */
export const operatePages = [
  { href: '/carriers', icon: IconCarriers, label: (t: Strings) => t.carriers.title },
  { href: '/routes', icon: IconRoutes, label: (t: Strings) => t.routes.title },
  { href: '/queue', icon: IconQueue, label: (t: Strings) => t.queue.title },
  { href: '/nodes', icon: IconNodes, label: (t: Strings) => t.nodes.title },
  { href: '/smpp-logins', icon: IconLogins, label: (t: Strings) => t.logins.title },
  { href: '/numbers', icon: IconNumbers, label: (t: Strings) => t.upkeep.numbers.title },
] as const

/** Who comes in, and what they did; `me` is for people who are signed in. */
export const settingsPages = [
  { href: '/my-access', scope: 'me', icon: IconPerson, label: (t: Strings) => t.access.me.title },
  { href: '/users', scope: 'users', icon: IconPeople, label: (t: Strings) => t.access.users.title },
  { href: '/keys', scope: 'keys', icon: IconKey, label: (t: Strings) => t.access.keys.title },
  { href: '/webhooks', scope: 'webhooks', icon: IconWebhooks, label: (t: Strings) => t.webhooks.title },
  { href: '/audit', scope: 'users', icon: IconAudit, label: (t: Strings) => t.access.audit.title },
] as const

/** Where the typed words can lead: an id or a number first, then every page whose name holds them. */
export function destinations(typed: string, t: Strings): Destination[] {
  const words = typed.trim().toLowerCase()
  const id = messageId.exec(words)?.[0]
  if (id) return [{ href: `/messages/${id}`, label: t.palette.message(id) }]
  const carrier = carrierId.exec(words)?.[0]
  if (carrier) return [{ href: `/carriers/${carrier}`, label: t.palette.carrier(carrier) }]
  const pages: Destination[] = [
    { href: '/', label: t.nav.send },
    { href: '/messages', label: t.nav.messages },
    { href: '/messages?direction=outbound', label: `${t.nav.messages}: ${t.list.outbound}` },
    { href: '/messages?direction=inbound', label: `${t.nav.messages}: ${t.list.inbound}` },
    ...filterLooks.map((look) => ({
      href: `/messages?state=${look}`,
      label: `${t.nav.messages}: ${t.states[look]}`,
    })),
    { href: '/inbox', label: t.inbox.title },
    ...viewNames.map((view) => ({
      href: `/inbox?view=${view}`,
      label: `${t.inbox.title}: ${t.inbox.view[view]}`,
    })),
    { href: '/inbox/settings', label: t.inboxSettings.title },
    ...peoplePages.map(({ href, label }) => ({ href, label: label(t) })),
    { href: '/people?act=new', label: t.people.form.addTitle },
    { href: '/people/import', label: t.people.imports.title },
    { href: '/people/duplicates', label: t.upkeep.duplicates.title },
    { href: '/people/data', label: t.upkeep.data.title },
    { href: '/lists?edit=new', label: t.people.lists.add },
    { href: '/segments?edit=new', label: t.people.segments.add },
    { href: '/topics?edit=new', label: t.consent.form.addTitle },
    { href: '/opt-outs?act=import', label: t.consent.import.title },
    { href: '/sign-up-forms?edit=new', label: t.forms.add },
    ...servicePages.map(({ href, label }) => ({ href, label: label(t) })),
    { href: '/keywords/new', label: t.keywords.form.newTitle },
    ...operatePages.map(({ href, label }) => ({ href, label: label(t) })),
    { href: '/carriers/new', label: t.carriers.addTitle },
    { href: '/routes?edit=new', label: t.routes.form.addTitle },
    { href: '/smpp-logins?edit=new', label: t.logins.form.addTitle },
    { href: '/numbers?edit=new', label: t.upkeep.numbers.addTitle },
    ...settingsPages.map(({ href, label }) => ({ href, label: label(t) })),
    { href: '/users?edit=new', label: t.access.users.invite },
    { href: '/keys?edit=new', label: t.access.keys.add },
    { href: '/docs', label: t.nav.docs },
  ]
  const fitting = pages.filter(({ label }) => label.toLowerCase().includes(words))
  if (!looksDialable(words)) return fitting
  const number = bareNumber(words)
  return [
    {
      href: `/messages?direction=outbound&number=${encodeURIComponent(number)}`,
      label: t.palette.to(showNumber(number)),
    },
    {
      href: `/messages?direction=inbound&number=${encodeURIComponent(number)}`,
      label: t.palette.from(showNumber(number)),
    },
    { href: `/consent?number=${encodeURIComponent(number)}`, label: t.palette.consent(showNumber(number)) },
    { href: `/routes?to=${encodeURIComponent(number)}`, label: t.palette.route(showNumber(number)) },
  ]
}
