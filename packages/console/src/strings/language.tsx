import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react'
import { createFormats, type Formats } from '../format/formats.ts'
import { de } from './de.ts'
import { en, type Strings } from './en.ts'
import { firstSpoken, regionalForm } from './locale.ts'

export const catalogues = { en, de } satisfies Record<string, Strings>
export type Language = keyof typeof catalogues
export const languages = Object.keys(catalogues) as Language[]

const storageKey = 'kurzpost-language'
const isLanguage = (text: string | null | undefined): text is Language => languages.includes(text as Language)

function firstLanguage(): Language {
  const chosen = localStorage.getItem(storageKey)
  if (isLanguage(chosen)) return chosen
  return firstSpoken(navigator.languages, languages) ?? 'en'
}

interface Speech {
  t: Strings
  format: Formats
  language: Language
  setLanguage: (language: Language) => void
}

const SpeechContext = createContext<Speech | undefined>(undefined)

export function LanguageProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState(firstLanguage)
  useEffect(() => {
    document.documentElement.lang = language
  }, [language])
  const speech = useMemo<Speech>(() => {
    const t = catalogues[language]
    return {
      t,
      language,
      format: createFormats(regionalForm(language, navigator.languages), t),
      setLanguage: (next) => {
        localStorage.setItem(storageKey, next)
        setLanguage(next)
      },
    }
  }, [language])
  return <SpeechContext value={speech}>{children}</SpeechContext>
}

export function useSpeech(): Speech {
  const speech = useContext(SpeechContext)
  if (!speech) throw new Error('LanguageProvider is missing')
  return speech
}
