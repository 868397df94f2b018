import { useQuery } from '@tanstack/react-query'
import { useMay } from '../../api/access.ts'
import { knownRulesQuery } from '../../api/consent-rules.ts'
import { Answer, Card, Page } from '../../show/Page.tsx'
import { useSpeech } from '../../strings/language.tsx'
import { Ask } from './Ask.tsx'
import { KnownTable } from './KnownTable.tsx'
import { Mine } from './Mine.tsx'

/** When marketing may reach people: what we know, what the account has decided, and what that means for a number. */
export default function HoursPage() {
  const { t } = useSpeech()
  const { who } = useMay()
  const known = useQuery(knownRulesQuery)
  return (
    <Page title={t.hours.title} lead={t.hours.lead}>
      {who && !who.masked && <Ask />}
      <Mine />
      <Answer query={known}>
        {(rules) => (
          <Card title={t.hours.known.title} note={t.hours.known.note} flush>
            <KnownTable rules={rules} />
          </Card>
        )}
      </Answer>
    </Page>
  )
}
