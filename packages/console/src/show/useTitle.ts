import { useEffect } from 'react'
import { useSpeech } from '../strings/language.tsx'

export function useTitle(title: string) {
  const { t } = useSpeech()
  useEffect(() => {
    document.title = `${title} · ${t.brand}`
  }, [title, t.brand])
}
