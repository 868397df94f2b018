import type { ReactNode } from 'react'
import { useSpeech } from '../strings/language.tsx'
import css from './Door.module.css'
import { SettingsMenu } from './SettingsMenu.tsx'

/** The frame of what stands before the rooms: signing in, a link, a key. */
export function Door({ children }: { children: ReactNode }) {
  const { t } = useSpeech()
  return (
    <div className={css.door}>
      <header className={css.top}>
        <div className={css.brand}>
          <img src="/mark.svg" width={28} height={28} alt="" />
          {t.brand}
        </div>
        <div>
          <SettingsMenu />
        </div>
      </header>
      <main className={css.ask}>{children}</main>
    </div>
  )
}
