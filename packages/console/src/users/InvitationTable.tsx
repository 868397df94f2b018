import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type Invitation, invitationsQuery, useMay } from '../api/access.ts'
import { call } from '../api/client.ts'
import { Problem } from '../show/Problem.tsx'
import tableCss from '../show/Table.module.css'
import { type Column, Table } from '../show/Table.tsx'
import { When } from '../show/When.tsx'
import { useSpeech } from '../strings/language.tsx'

/** Invitations that nobody has taken yet. */
export function InvitationTable({ invitations }: { invitations: readonly Invitation[] }) {
  const { t } = useSpeech()
  const words = t.access.users
  const { mayChange } = useMay()
  const client = useQueryClient()
  const withdraw = useMutation({
    mutationFn: (id: string) => call<void>(`/v1/invitations/${id}`, { method: 'DELETE' }),
    onSettled: () => client.invalidateQueries({ queryKey: invitationsQuery.queryKey }),
  })
  const columns: Column<Invitation>[] = [
    {
      head: words.openColumns.who,
      part: 'title',
      cell: ({ name, email }) => (
        <>
          <strong>{name}</strong>
          <span className={tableCss.sub}>{email}</span>
        </>
      ),
    },
    { head: words.openColumns.role, cell: ({ role }) => t.access.roles[role] },
    { head: words.openColumns.by, cell: ({ made_by }) => made_by },
    { head: words.openColumns.until, cell: ({ expires_at }) => <When at={expires_at} /> },
    {
      head: words.openColumns.actions,
      part: 'actions',
      cell: ({ id, name }) => (
        <Button
          variant="default"
          size="compact-sm"
          aria-label={words.withdrawName(name)}
          loading={withdraw.isPending && withdraw.variables === id}
          onClick={() => withdraw.mutate(id)}
        >
          {words.withdraw}
        </Button>
      ),
    },
  ]
  return (
    <>
      {withdraw.error && <Problem error={withdraw.error} />}
      <Table
        label={words.open}
        columns={mayChange('users') ? columns : columns.slice(0, -1)}
        rows={invitations}
        rowKey={({ id }) => id}
      />
    </>
  )
}
