import type { ReactNode } from 'react'

/** A form for those who may change it; the others read it. */
export function Writable({ may, children }: { may: boolean; children: ReactNode }) {
  return (
    <fieldset disabled={!may} style={{ display: 'contents' }}>
      {children}
    </fieldset>
  )
}
