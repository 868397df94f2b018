import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import { IconAdd } from '../icons.ts'

/** Opens the form for a new one: the one thing that people come to a list to do. */
export function AddButton({ onClick, children }: { onClick: () => void; children: ReactNode }) {
  return (
    <Button leftSection={<IconAdd size={18} aria-hidden />} onClick={onClick}>
      {children}
    </Button>
  )
}
