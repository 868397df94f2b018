import { useEffect, useRef } from 'react'

/**
 * What is done only while the page is still there. An answer may come when its reader has gone on to another page: what it
 * would do to the address then brought them back.
 */
export function useStill<A extends unknown[]>(act: (...args: A) => void): (...args: A) => void {
  const here = useRef(true)
  useEffect(() => {
    here.current = true
    return () => {
      here.current = false
    }
  }, [])
  return (...args) => {
    if (here.current) act(...args)
  }
}
