import { Button } from '@mantine/core'
import css from './FormActs.module.css'

interface FormActsProps {
  /** The words of the button that sends the form, and of the one that leaves it. */
  save: string
  cancel: string
  busy: boolean
  onCancel: () => void
}

/** What stands below a form. */
export function FormActs({ save, cancel, busy, onCancel }: FormActsProps) {
  return (
    <div className={css.act}>
      <Button type="submit" loading={busy}>
        {save}
      </Button>
      <Button variant="default" onClick={onCancel}>
        {cancel}
      </Button>
    </div>
  )
}
