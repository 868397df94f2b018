import { Page } from '../../show/Page.tsx'
import { useSpeech } from '../../strings/language.tsx'

export default function SettingsPage() {
  const { t } = useSpeech()
  return <Page title={t.inbox.settings}>{null}</Page>
}
