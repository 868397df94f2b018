import { Button, Menu } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { ComponentType } from 'react'
import { IconMore } from '../icons.ts'

interface RowMenuProps {
  word: string
  /** For those who do not see the row that it stands in. */
  label: string
  items: readonly {
    to: string
    word: string
    icon?: ComponentType<{ size?: number; 'aria-hidden'?: boolean }>
  }[]
}

/** What can be done with a row; each leads to where it is asked and said what follows. */
export function RowMenu({ word, label, items }: RowMenuProps) {
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <Button variant="default" size="compact-sm" aria-label={label} rightSection={<IconMore size={15} />}>
          {word}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {items.map(({ to, word: each, icon: Icon }) => (
          <Menu.Item
            key={to}
            component={Link}
            to={to}
            {...(Icon ? { leftSection: <Icon size={16} aria-hidden /> } : {})}
          >
            {each}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
