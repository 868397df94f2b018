import { NativeSelect, TextInput } from '@mantine/core'
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useMay } from '../api/access.ts'
import { call } from '../api/client.ts'
import { carriersQuery } from '../api/operate.ts'
import { numbersPath, type OwnNumber, ownNumbersQuery } from '../api/upkeep.ts'
import { fieldErrors } from '../carriers/problems.ts'
import { showNumber } from '../format/phone.ts'
import css from '../logins/Logins.module.css'
import { AddButton } from '../show/AddButton.tsx'
import { FormActs } from '../show/FormActs.tsx'
import { Listing } from '../show/Listing.tsx'
import { Answer, Card, Page } from '../show/Page.tsx'
import { Pager } from '../show/Pager.tsx'
import { Problem } from '../show/Problem.tsx'
import { Removal } from '../show/Removal.tsx'
import { RowMenu } from '../show/RowMenu.tsx'
import { type Column, Table } from '../show/Table.tsx'
import { useStill } from '../show/useStill.ts'
import { When } from '../show/When.tsx'
import { useSpeech } from '../strings/language.tsx'

const route = getRouteApi('/numbers')

/** Whose our numbers are. The address holds what is open. */
export default function NumbersPage() {
  const { t } = useSpeech()
  const words = t.upkeep.numbers
  const { edit, remove, before } = route.useSearch()
  const navigate = route.useNavigate()
  const { who, mayChange } = useMay()
  const may = mayChange('operate')
  const query = useQuery({ ...ownNumbersQuery(before), placeholderData: keepPreviousData })
  const { data: carriers = [] } = useQuery({ ...carriersQuery, refetchInterval: false })
  const close = useStill(() => void navigate({ search: before ? { before } : {}, resetScroll: false }))
  const removed = query.data?.data.find(({ id }) => id === remove)
  const add = may && (
    <AddButton onClick={() => void navigate({ search: { edit: 'new' }, resetScroll: false })}>
      {words.add}
    </AddButton>
  )
  const columns: Column<OwnNumber>[] = [
    {
      head: words.columns.address,
      part: 'title',
      cell: ({ address }) => <strong className="number">{showNumber(address)}</strong>,
    },
    { head: words.columns.account, cell: ({ account }) => account.name },
    {
      head: words.columns.carrier,
      cell: ({ carrier_id }) =>
        carrier_id === null
          ? words.anyCarrier
          : (carriers.find(({ id }) => id === carrier_id)?.name ?? (
              <code className="mono">{carrier_id}</code>
            )),
    },
    { head: words.columns.since, cell: ({ created_at }) => <When at={created_at} /> },
    {
      head: words.columns.act,
      part: 'actions',
      cell: ({ id, address }) => (
        <RowMenu
          word={words.columns.act}
          label={words.actName(showNumber(address))}
          items={[{ to: `/numbers?remove=${id}${before ? `&before=${before}` : ''}`, word: words.remove }]}
        />
      ),
    },
  ]
  return (
    <Page title={words.title} lead={words.lead} action={query.data?.data.length ? add : undefined}>
      {may && edit === 'new' && who && (
        <NumberForm account={who.account.id} carriers={carriers} onDone={close} />
      )}
      {may && removed && (
        <Removal
          title={words.removeName(showNumber(removed.address))}
          text={words.removeSure(showNumber(removed.address), removed.account.name)}
          word={removed.address}
          act={words.removeYes}
          keep={words.keep}
          path={`${numbersPath}/${removed.id}`}
          stale={[['numbers']]}
          onDone={close}
        />
      )}
      <Answer query={query}>
        {({ data, next }) => (
          <>
            <Listing
              label={words.title}
              rows={data}
              empty={
                edit !== 'new' &&
                !before && {
                  title: words.emptyTitle,
                  text: words.empty,
                  action: add,
                  curl: {
                    title: words.curl,
                    method: 'POST',
                    path: numbersPath,
                    body: { address: '+4930123456', account_id: who?.account.id ?? 'acc_…' },
                  },
                }
              }
            >
              <Table
                label={words.title}
                columns={may ? columns : columns.slice(0, -1)}
                rows={data}
                rowKey={({ id }) => id}
              />
            </Listing>
            <Pager
              label={words.title}
              newest={before && { word: words.newest, go: () => void navigate({ search: {} }) }}
              next={next && { word: words.next, go: () => void navigate({ search: { before: next } }) }}
            />
          </>
        )}
      </Answer>
    </Page>
  )
}

interface NumberFormProps {
  account: string
  carriers: readonly { id: string; name: string }[]
  onDone: () => void
}

function NumberForm({ account: own, carriers, onDone }: NumberFormProps) {
  const { t } = useSpeech()
  const words = t.upkeep.numbers
  const client = useQueryClient()
  const [address, setAddress] = useState('')
  const [account, setAccount] = useState(own)
  const [carrier, setCarrier] = useState('')
  const give = useMutation({
    mutationFn: () =>
      call<OwnNumber>(numbersPath, {
        method: 'POST',
        body: { address: address.trim(), account_id: account.trim(), carrier_id: carrier || null },
      }),
    onSuccess: () => {
      onDone()
      return client.invalidateQueries({ queryKey: ['numbers'] })
    },
  })
  const errors = fieldErrors(give.error, t)
  return (
    <Card title={words.addTitle}>
      <form
        className={css.form}
        onSubmit={(event: FormEvent) => {
          event.preventDefault()
          if (!give.isPending) give.mutate()
        }}
      >
        <TextInput
          label={words.address}
          required
          autoFocus
          maxLength={40}
          autoComplete="off"
          value={address}
          error={errors.address}
          onChange={(event) => setAddress(event.currentTarget.value)}
        />
        <TextInput
          label={words.account}
          description={words.accountHint}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          required
          maxLength={40}
          autoComplete="off"
          spellCheck={false}
          value={account}
          error={errors.account_id}
          onChange={(event) => setAccount(event.currentTarget.value)}
        />
        <NativeSelect
          label={words.carrier}
          value={carrier}
          onChange={(event) => setCarrier(event.currentTarget.value)}
          data={[
            { value: '', label: words.anyCarrier },
            ...carriers.map(({ id, name }) => ({ value: id, label: name })),
          ]}
        />
        {give.error && <Problem error={give.error} marked={Object.keys(errors).length > 0} />}
        <FormActs save={words.create} cancel={words.cancel} busy={give.isPending} onCancel={onDone} />
      </form>
    </Card>
  )
}
