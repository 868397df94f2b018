import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useMay } from '../api/access.ts'
import { carriersQuery } from '../api/operate.ts'
import type { Carrier } from '../api/operate-types.ts'
import { IconAdd } from '../icons.ts'
import { Find } from '../show/Find.tsx'
import { Listing } from '../show/Listing.tsx'
import { Answer, Page } from '../show/Page.tsx'
import { RowMenu } from '../show/RowMenu.tsx'
import { Share } from '../show/Share.tsx'
import tableCss from '../show/Table.module.css'
import { type Column, Table } from '../show/Table.tsx'
import { carrierLooks } from '../state/operate-looks.ts'
import { Sign } from '../state/Sign.tsx'
import { useSpeech } from '../strings/language.tsx'
import { exampleCarriers } from './example.ts'
import { addressOf, bindsUp, carrierError } from './health.ts'
import { errorsOf, measures, windowOf } from './history.ts'
import { modeChoices, modeIcons } from './ModeActions.tsx'

const route = getRouteApi('/carriers')

/** All carriers, and how each is doing now. */
export default function ListPage() {
  const { t } = useSpeech()
  const { find } = route.useSearch()
  const navigate = route.useNavigate()
  const query = useQuery(carriersQuery)
  const may = useMay().mayChange('operate')
  const add = may && (
    <Button component={Link} to="/carriers/new" leftSection={<IconAdd size={18} />}>
      {t.carriers.add}
    </Button>
  )
  return (
    <Page title={t.carriers.title} lead={t.carriers.lead} action={query.data?.length ? add : undefined}>
      <Answer query={query}>
        {(carriers) => (
          <Listing
            label={t.carriers.title}
            rows={carriers}
            empty={{
              title: t.carriers.emptyTitle,
              text: t.carriers.empty,
              action: add,
              curl: { method: 'POST', path: '/v1/carriers', body: exampleCarriers.smpp },
            }}
          >
            <Find
              rows={carriers}
              words={(carrier) => [
                carrier.name,
                carrier.kind,
                addressOf(carrier),
                t.carriers.states[carrier.health.state],
              ]}
              label={t.carriers.find}
              find={find}
              onFind={(next) => void navigate({ search: next ? { find: next } : {}, replace: true })}
            >
              {(found) => <Carriers carriers={found} may={may} />}
            </Find>
          </Listing>
        )}
      </Answer>
    </Page>
  )
}

function Carriers({ carriers, may }: { carriers: readonly Carrier[]; may: boolean }) {
  const { t, format } = useSpeech()
  const { columns: head } = t.carriers
  const columns: Column<Carrier>[] = [
    {
      head: head.name,
      part: 'title',
      cell: (carrier) => (
        <>
          <Link to="/carriers/$id" params={{ id: carrier.id }} className={tableCss.link}>
            {carrier.name}
          </Link>
          <span className={tableCss.sub}>
            {[t.carriers.kinds[carrier.kind] ?? carrier.kind, addressOf(carrier)].filter(Boolean).join(' · ')}
          </span>
        </>
      ),
    },
    {
      head: head.state,
      cell: ({ health }) => <Sign look={carrierLooks[health.state]} word={t.carriers.states[health.state]} />,
    },
    {
      head: head.binds,
      numeric: true,
      cell: (carrier) =>
        t.carriers.bindsUp(format.number(bindsUp(carrier)), format.number(carrier.binds.length)),
    },
    {
      head: head.rate,
      cell: (carrier) => {
        const { rate, limit } = measures(carrier)
        const text =
          limit === null ? format.amount(rate) : t.carriers.partOf(format.amount(rate), format.amount(limit))
        return <Share used={rate} of={limit} text={text} />
      },
    },
    {
      head: head.window,
      cell: (carrier) => {
        const { used, size } = windowOf(carrier)
        return (
          <Share used={used} of={size} text={t.carriers.partOf(format.number(used), format.number(size))} />
        )
      },
    },
    {
      head: head.answers,
      numeric: true,
      cell: (carrier) => {
        const { p50, p99 } = measures(carrier)
        return p50 === null || p99 === null ? '–' : `${format.answer(p50)} / ${format.answer(p99)}`
      },
    },
    {
      head: head.errors,
      part: 'wide',
      cell: (carrier) => {
        const errors = errorsOf(carrier)
        const [most] = errors
        if (!most) return <span className={tableCss.sub}>{t.carriers.noErrors}</span>
        const count = errors.reduce((total, error) => total + error.count, 0)
        return (
          <>
            <span className="number">{format.number(count)}</span>
            <span className={tableCss.sub} title={carrierError(most.code, t)}>
              {shortCode(most.code)}
            </span>
          </>
        )
      },
    },
    { head: head.queued, numeric: true, cell: ({ queued }) => format.number(queued) },
    {
      head: head.actions,
      part: 'actions',
      cell: ({ id, name, mode }) => (
        <RowMenu
          word={t.carriers.edit}
          label={t.carriers.editName(name)}
          items={modeChoices[mode].map((each) => ({
            to: `/carriers/${id}?act=${each}`,
            word: t.carriers.modes[each],
            icon: modeIcons[each],
          }))}
        />
      ),
    },
  ]
  return (
    <Table
      label={t.carriers.title}
      columns={may ? columns : columns.slice(0, -1)}
      rows={carriers}
      rowKey={({ id }) => id}
      muted={({ mode }) => mode === 'drained'}
    />
  )
}

/** SMPP's names all begin alike. */
const shortCode = (code: string): string => code.replace(/^ESME_/, '')
