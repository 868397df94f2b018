import { Menu, UnstyledButton } from '@mantine/core'
import { Link, useLocation } from '@tanstack/react-router'
import { type ComponentType, Fragment } from 'react'
import { IconLocked } from '../icons.ts'
import type { Strings } from '../strings/en.ts'
import { useSpeech } from '../strings/language.tsx'
import css from './Shell.module.css'

type Icon = ComponentType<{ size?: number; 'aria-hidden'?: boolean }>

export interface GroupOf {
  /** Of the heading, unique on the page. */
  id: string
  word: string
  icon: Icon
  pages: readonly { href: string; icon: Icon; label: (t: Strings) => string }[]
  /** Why nobody may enter with this key. */
  locked?: string | undefined
}

/** Rooms that belong together: a group of the rail. */
export function Group({ id, word, pages, locked }: GroupOf) {
  const { t } = useSpeech()
  return (
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
  )
}

interface GroupMenuProps {
  word: string
  icon: Icon
  groups: readonly GroupOf[]
}

/** The same on a phone, whose bar has no room for so many: a menu, with a heading for each group where there are several. */
export function GroupMenu({ word, icon: MenuIcon, groups }: GroupMenuProps) {
  const { t } = useSpeech()
  const { pathname } = useLocation()
  if (groups.length === 0) return null
  const here = groups.some(({ pages }) => pages.some(({ href }) => pathname.startsWith(href)))
  return (
    <Menu position="top" width={220} withinPortal={false}>
      <Menu.Target>
        <UnstyledButton className={`${css.link} ${css.groupMenu}`} data-status={here ? 'active' : undefined}>
          <MenuIcon size={20} aria-hidden />
          {word}
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown className={css.groupList ?? ''}>
        {groups.map((group) => (
          <Fragment key={group.id}>
            {groups.length > 1 && <Menu.Label>{group.word}</Menu.Label>}
            {group.pages.map(({ href, icon: Icon, label }) => (
              <Menu.Item key={href} component={Link} to={href} leftSection={<Icon size={18} aria-hidden />}>
                {label(t)}
              </Menu.Item>
            ))}
          </Fragment>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
