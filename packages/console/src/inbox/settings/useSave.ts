import { useMutation, useQueryClient } from '@tanstack/react-query'
import { call } from '../../api/client.ts'
import { type InboxSettings, settingsQuery } from '../../api/inbox.ts'

/** Changes some of the settings; the others stay as they are. */
export function useSave() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: Partial<InboxSettings>) =>
      call<InboxSettings>('/v1/inbox/settings', { method: 'PATCH', body }),
    onSuccess: (settings) => client.setQueryData(settingsQuery.queryKey, settings),
  })
}

export type Save = ReturnType<typeof useSave>
