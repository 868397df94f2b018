import { Button } from '@mantine/core'
import { useMay } from '../../api/access.ts'
import { Problem } from '../../show/Problem.tsx'
import { useSpeech } from '../../strings/language.tsx'
import css from './Settings.module.css'
import type { Save } from './useSave.ts'

/** The button below a part of the settings, and how it went. */
export function SaveBar({ save }: { save: Save }) {
  const { t } = useSpeech()
  const { mayChange } = useMay()
  if (!mayChange('inbox:settings')) return null
  return (
    <>
      {save.error && <Problem error={save.error} />}
      <div className={css.save}>
        <Button type="submit" variant="default" loading={save.isPending}>
          {t.inboxSettings.save}
        </Button>
        <span role="status">{save.isSuccess && t.inboxSettings.saved}</span>
      </div>
    </>
  )
}
