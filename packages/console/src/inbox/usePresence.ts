import { useEffect, useRef } from 'react'
import { useMay } from '../api/access.ts'
import { request } from '../api/client.ts'
import { talkPath } from '../api/inbox.ts'

/** The server forgets after 25 seconds. */
const againMs = 15_000
/** Whoever has not pressed a key for so long has stopped. */
const typingMs = 6_000

type Doing = 'viewing' | 'typing' | 'gone'

/** Says to colleagues that somebody looks at a conversation, or types; returns what to call at each key. */
export function usePresence(id: string): () => void {
  const typed = useRef<() => void>(() => {})
  const may = useMay().mayChange('inbox')

  useEffect(() => {
    if (!may) return
    let doing: Doing = 'gone'
    let pause: ReturnType<typeof setTimeout> | undefined
    const tell = (next: Doing) => {
      doing = next
      // Nobody waits for it: whoever has lost the line is simply not seen.
      void request(talkPath(id, '/presence'), { method: 'POST', body: { doing: next } }).catch(() => {})
    }
    typed.current = () => {
      clearTimeout(pause)
      pause = setTimeout(() => doing === 'typing' && tell('viewing'), typingMs)
      if (doing !== 'typing') tell('typing')
    }
    const look = () => tell(document.visibilityState === 'visible' ? 'viewing' : 'gone')
    if (document.visibilityState === 'visible') look()
    const timer = setInterval(() => doing !== 'gone' && tell(doing), againMs)
    document.addEventListener('visibilitychange', look)
    return () => {
      clearTimeout(pause)
      clearInterval(timer)
      document.removeEventListener('visibilitychange', look)
      if (doing !== 'gone') tell('gone')
    }
  }, [id, may])
  return () => typed.current()
}
