import { Menu, UnstyledButton } from '@mantine/core'
import { Link, useLocation } from '@tanstack/react-router'
import { IconLocked, IconOperate } from '../icons.ts'
import { useSpeech } from '../strings/language.tsx'
import { operatePages } from './destinations.ts'
import { useLocked } from './Locked.tsx'
import css from './Shell.module.css'

/** The rooms of operation: a group of the rail, and on a phone, whose bar has no room for five more, a menu. */
export function Operate() {
  const { t } = useSpeech()
  const { pathname } = useLocation()
  const locked = useLocked()
  const here = operatePages.some(({ href }) => pathname.startsWith(href))
  return (
    <>
      <div className={css.group}>
        <span className={css.groupName} id="rail-operate">
          {t.nav.operate}
        </span>
        {locked && (
          <span className={css.locked} id="rail-locked">
            <IconLocked size={15} aria-hidden /> {t.locked.rail}
          </span>
        )}
        {operatePages.map(({ href, icon: Icon, label }) => (
          <Link
            key={href}
            to={href}
            className={css.link}
            activeOptions={{ includeSearch: false }}
            aria-describedby={locked ? 'rail-locked' : undefined}
          >
            <Icon size={20} aria-hidden />
            {label(t)}
          </Link>
        ))}
      </div>
      <Menu position="top" width={220} withinPortal>
        <Menu.Target>
          <UnstyledButton
            className={`${css.link} ${css.groupMenu}`}
            data-status={here ? 'active' : undefined}
          >
            <IconOperate size={20} aria-hidden />
            {t.nav.operate}
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          {operatePages.map(({ href, icon: Icon, label }) => (
            <Menu.Item key={href} component={Link} to={href} leftSection={<Icon size={18} aria-hidden />}>
              {label(t)}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </>
  )
}
