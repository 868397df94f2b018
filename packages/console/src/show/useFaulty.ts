import { useEffect, useRef } from 'react'

/** For a form: when the server or the form itself finds fault, the first faulty field takes the focus. */
export function useFaulty(error: unknown) {
  const form = useRef<HTMLFormElement>(null)
  useEffect(() => {
    if (error) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
  }, [error])
  return form
}
