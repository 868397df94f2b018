import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { Route } from '../api/operate-types.ts'
import { infoQuery } from '../api/queries.ts'
import { IconCancelled, IconDelivered } from '../icons.ts'
import { type Column, Table } from '../show/Table.tsx'
import { Sign } from '../state/Sign.tsx'
import type { Strings } from '../strings/en.ts'
import { useSpeech } from '../strings/language.tsx'

/** A route in a few words, to tell it from the others. */
export const routeWords = (route: Route, t: Strings): string => {
  const conditions = [
    route.prefix && t.routes.numbersFrom(route.prefix),
    route.account_id,
    route.sender,
    ...route.lanes.map((lane) => t.lanes[lane]),
  ].filter(Boolean)
  return `${conditions.join(', ') || t.routes.explain.everything} → ${route.carrier}`
}

interface RouteTableProps {
  routes: readonly Route[]
  label: string
  /** With it each row can be changed; false where the reader may not. */
  actions?: false | ((route: Route) => ReactNode)
}

/** Routes in the order in which they are ranked. */
export function RouteTable({ routes, label, actions }: RouteTableProps) {
  const { t, format } = useSpeech()
  const currency = useQuery(infoQuery).data?.currency
  const { columns: head } = t.routes
  const all = <span style={{ color: 'var(--mantine-color-dimmed)' }}>{t.routes.all}</span>
  const columns: Column<Route>[] = [
    // Without actions it stands on the page of the one carrier that all of them offer.
    ...(actions !== undefined
      ? [
          {
            head: head.carrier,
            part: 'title' as const,
            cell: ({ carrier }: Route) => <strong>{carrier}</strong>,
          },
        ]
      : []),
    {
      head: head.prefix,
      cell: ({ prefix }) => (prefix ? <span className="number">{t.routes.numbersFrom(prefix)}</span> : all),
    },
    {
      head: head.lanes,
      cell: ({ lanes }) => (lanes.length > 0 ? lanes.map((lane) => t.lanes[lane]).join(', ') : all),
    },
    { head: head.sender, cell: ({ sender }) => sender ?? all },
    ...(routes.some(({ account_id }) => account_id)
      ? [
          {
            head: head.account,
            cell: ({ account_id }: Route) => (account_id ? <code className="mono">{account_id}</code> : all),
          },
        ]
      : []),
    {
      head: head.cost,
      numeric: true,
      cell: ({ cost }) =>
        currency && cost > 0 ? format.price({ amount: cost, currency }) : format.cost(cost),
    },
    { head: head.weight, numeric: true, cell: ({ weight }) => format.number(weight) },
    {
      head: head.enabled,
      cell: ({ enabled }) => (
        <Sign
          look={
            enabled
              ? { color: 'delivered', icon: IconDelivered }
              : { color: 'cancelled', icon: IconCancelled }
          }
          word={enabled ? t.routes.on : t.routes.off}
        />
      ),
    },
    ...(actions ? [{ head: head.actions, part: 'actions' as const, cell: actions }] : []),
  ]
  return (
    <Table
      label={label}
      columns={columns}
      rows={routes}
      rowKey={({ id }) => id}
      muted={({ enabled }) => !enabled}
    />
  )
}
