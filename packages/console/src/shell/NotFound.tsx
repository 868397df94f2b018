import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useSpeech } from '../strings/language.tsx'

export function NotFound() {
  const { t } = useSpeech()
  return (
    <>
      <h1>{t.pages.notFound}</h1>
      <Button component={Link} to="/">
        {t.pages.home}
      </Button>
    </>
  )
}
