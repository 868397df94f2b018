import { Menu, UnstyledButton } from '@mantine/core'
import { Link, useLocation } from '@tanstack/react-router'
import type { ComponentType } from 'react'
import { IconLocked } from '../icons.ts'
import type { Strings } from '../strings/en.ts'
import { useSpeech } from '../strings/language.tsx'
import css from './Shell.module.css'

type Icon = ComponentType<{ size?: number; 'aria-hidden'?: boolean }>

interface GroupProps {
  /** Of the heading, unique on the page. */
  id: string
  word: string
  icon: Icon
  pages: readonly { href: string; icon: Icon; label: (t: Strings) => string }[]
  /** Why nobody may enter with this key. */
  locked?: string | undefined
}

/** Rooms that belong together: a group of the rail, and on a phone, whose bar has no room for so many, a menu. */
export function Group({ id, word, icon: GroupIcon, pages, locked }: GroupProps) {
  const { t } = useSpeech()
  const { pathname } = useLocation()
  const here = pages.some(({ href }) => pathname.startsWith(href))
  return (
    <>
      <div className={css.group}>
        <span className={css.groupName} id={`rail-${id}`}>
          {word}
        </span>
        {locked && (
          <span className={css.locked} id={`rail-${id}-locked`}>
            <IconLocked size={15} aria-hidden /> {locked}
          </span>
        )}
        {pages.map(({ href, icon: Icon, label }) => (
          <Link
            key={href}
            to={href}
            className={css.link}
            activeOptions={{ includeSearch: false }}
            aria-describedby={locked ? `rail-${id}-locked` : undefined}
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
            <GroupIcon size={20} aria-hidden />
            {word}
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          {pages.map(({ href, icon: Icon, label }) => (
            <Menu.Item key={href} component={Link} to={href} leftSection={<Icon size={18} aria-hidden />}>
              {label(t)}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </>
  )
}
