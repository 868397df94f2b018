import { Tooltip } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, Outlet, useLocation } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useMay, whoIsHere } from '../api/access.ts'
import { LiveProvider, useLive } from '../api/live.tsx'
import { infoQuery } from '../api/queries.ts'
import { useSession } from '../api/session.ts'
import { IconDocs, IconLive, IconMessages, IconOffline, IconReveal, IconSandbox, IconSend } from '../icons.ts'
import { RailInbox } from '../inbox/RailInbox.tsx'
import { useSpeech } from '../strings/language.tsx'
import { Groups } from './Groups.tsx'
import { KeyGate } from './KeyGate.tsx'
import { Lockable } from './Locked.tsx'
import { Palette } from './Palette.tsx'
import { SettingsMenu } from './SettingsMenu.tsx'
import css from './Shell.module.css'
import { Welcome } from './Welcome.tsx'

/** The frame of every page: the rail by job, and the room. Without a key there is only the door. */
export function Shell() {
  const { key, user, round } = useSession()
  const { pathname } = useLocation()
  const unknown = !key && user === undefined
  useEffect(() => {
    if (unknown) void whoIsHere()
  }, [unknown])
  if (pathname === '/welcome') return <Welcome />
  if (unknown) return null
  if (!key && !user) return <KeyGate />
  return (
    // Whoever comes in brings another account: nothing of the old one may stay on screen.
    <LiveProvider key={round}>
      <Frame />
    </LiveProvider>
  )
}

function Frame() {
  const { t } = useSpeech()
  const { data: info } = useQuery(infoQuery)
  const { who, may, mayChange } = useMay()
  return (
    <div className={css.shell}>
      <a href="#content" className={css.skip}>
        {t.nav.skip}
      </a>
      <header className={css.rail}>
        <Link to="/" className={css.brand} aria-label={t.brand}>
          <img src="/mark.svg" width={28} height={28} alt="" />
          <span>{t.brand}</span>
        </Link>
        {info?.sandbox && (
          <Tooltip label={t.nav.sandboxHint} multiline w={230} position="bottom-start">
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: its explanation must be reachable by keyboard */}
            <span className={css.sandbox} tabIndex={0}>
              <IconSandbox size={15} aria-hidden />
              {t.nav.sandbox}
            </span>
          </Tooltip>
        )}
        {who?.reads_only && (
          <Tooltip label={t.access.readsOnlyHint} multiline w={230} position="bottom-start">
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: its explanation must be reachable by keyboard */}
            <span className={css.sandbox} tabIndex={0}>
              <IconReveal size={15} aria-hidden />
              {t.access.readsOnly}
            </span>
          </Tooltip>
        )}
        <nav className={css.links} aria-label={t.nav.label}>
          {mayChange('messages:write') && (
            <Link to="/" className={css.link} activeOptions={{ exact: true, includeSearch: false }}>
              <IconSend size={20} aria-hidden />
              {t.nav.send}
            </Link>
          )}
          {may('messages:read') && (
            <Link to="/messages" className={css.link} activeOptions={{ includeSearch: false }}>
              <IconMessages size={20} aria-hidden />
              {t.nav.messages}
            </Link>
          )}
          {may('inbox') && <RailInbox />}
          <Groups />
          <a href="/docs" className={`${css.link} ${css.docs}`}>
            <IconDocs size={20} aria-hidden />
            {t.nav.docs}
          </a>
        </nav>
        <div className={css.foot}>
          <LiveSign />
          <Palette className={`${css.settings} ${css.find}`} />
          <SettingsMenu />
        </div>
      </header>
      <main id="content" tabIndex={-1} className={css.main}>
        <Lockable>
          <Outlet />
        </Lockable>
      </main>
    </div>
  )
}

function LiveSign() {
  const { t } = useSpeech()
  const { connected } = useLive()
  const Icon = connected ? IconLive : IconOffline
  return (
    <div className={css.live} data-connected={connected || undefined} role="status">
      <Icon size={16} aria-hidden />
      <span>{connected ? t.nav.live : t.nav.offline}</span>
    </div>
  )
}
