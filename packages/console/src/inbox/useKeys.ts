import { useEffect, useRef } from 'react'
import { actOf, type KeyAct, keysAreOn } from './keys.ts'

/** Does what single keys mean, as long as no field, menu or dialog has them. */
export function useKeys(onAct: (act: KeyAct) => boolean) {
  const latest = useRef(onAct)
  useEffect(() => {
    latest.current = onAct
  })
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement | null
      const act = actOf(event, {
        typing: target?.matches('input, textarea, select, [contenteditable]') ?? false,
        menu: target?.closest('[role=menu], [role=dialog], [role=listbox], [role=radiogroup]') != null,
      })
      if (!act || event.defaultPrevented || !keysAreOn()) return
      // Arrows scroll what has the focus; Space and Enter belong to buttons and links anyway.
      if (event.key.startsWith('Arrow') && target?.closest('section[tabindex]')) return
      if (latest.current(act)) event.preventDefault()
    }
    document.addEventListener('keydown', listen)
    return () => document.removeEventListener('keydown', listen)
  }, [])
}
