import { Menu, UnstyledButton } from '@mantine/core'
import { Link, useLocation } from '@tanstack/react-router'
import { IconOperate } from '../icons.ts'
import { useSpeech } from '../strings/language.tsx'
import { operatePages } from './destinations.ts'
import css from './Shell.module.css'

/** The rooms of operation: a group of the rail, and on a phone, whose bar has no room for five more, a menu. */
export function Operate() {
  const { t } = useSpeech()
  const { pathname } = useLocation()
  const here = operatePages.some(({ href }) => pathname.startsWith(href))
  return (
    <>
      <div className={css.group}>
        <span className={css.groupName} id="rail-operate">
          {t.nav.operate}
        </span>
        {operatePages.map(({ href, icon: Icon, label }) => (
          <Link key={href} to={href} className={css.link} activeOptions={{ includeSearch: false }}>
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
