import { useQuery } from '@tanstack/react-query'
import { useMay } from '../../api/access.ts'
import { settingsQuery } from '../../api/inbox.ts'
import { Answer, Back, Page } from '../../show/Page.tsx'
import { Writable } from '../../show/Writable.tsx'
import { useSpeech } from '../../strings/language.tsx'
import { Away, Rating } from './Automatic.tsx'
import { CannedAnswers } from './CannedAnswers.tsx'
import { Figures } from './Figures.tsx'
import { Hours } from './Hours.tsx'
import { OwnFields } from './OwnFields.tsx'
import { Promises } from './Promises.tsx'
import { Teams } from './Teams.tsx'

/** How the inbox works: each part is saved by itself. */
export default function SettingsPage() {
  const { t } = useSpeech()
  const query = useQuery(settingsQuery)
  const { mayChange } = useMay()
  const may = mayChange('inbox:settings')
  return (
    <Page
      narrow
      title={t.inboxSettings.title}
      lead={t.inboxSettings.lead}
      back={<Back to="/inbox">{t.inboxSettings.back}</Back>}
    >
      <Figures />
      <CannedAnswers may={mayChange('inbox')} />
      <Teams may={may} />
      <Answer query={query}>
        {(settings) => (
          <Writable may={may}>
            <Hours settings={settings} />
            <Away settings={settings} />
            <Promises settings={settings} />
            <Rating settings={settings} />
            <OwnFields settings={settings} />
          </Writable>
        )}
      </Answer>
    </Page>
  )
}
