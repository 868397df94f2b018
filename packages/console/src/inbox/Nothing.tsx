import { Button } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { call } from '../api/client.ts'
import { handsetPath, infoQuery } from '../api/queries.ts'
import { Empty } from '../show/Page.tsx'
import { Problem } from '../show/Problem.tsx'
import { useSpeech } from '../strings/language.tsx'
import css from './Nothing.module.css'
import { firstView, type InboxSearch } from './search.ts'

/** A virtual phone of the sandbox, and where it writes: a number that nobody has. */
const phone = '+491700000001'
const ours = '7678'

/** Nothing in this view: why that is good, or how the first one comes. */
export function Nothing({ search, ever }: { search: InboxSearch; ever: boolean }) {
  const { t } = useSpeech()
  const { data: info } = useQuery(infoQuery)
  const words = t.inbox.empty
  const body = { to: info?.default_sender ?? ours, text: words.firstSaid }
  const say = useMutation({
    mutationFn: () => call(`${handsetPath(phone)}/messages`, { method: 'POST', body }),
  })
  if (search.q || ever || !info?.sandbox) {
    const [title, text] = search.q ? words.found : words.view[search.view ?? firstView]
    return (
      <div className={css.quiet}>
        <h2>{title}</h2>
        <p>{text}</p>
      </div>
    )
  }
  return (
    <div className={css.first}>
      <Empty
        title={words.first}
        text={words.firstText}
        action={
          <Button loading={say.isPending} onClick={() => say.mutate()}>
            {words.firstAct}
          </Button>
        }
        curl={{ title: words.firstCurl, method: 'POST', path: `${handsetPath(phone)}/messages`, body }}
      />
      {say.error && <Problem error={say.error} />}
    </div>
  )
}
