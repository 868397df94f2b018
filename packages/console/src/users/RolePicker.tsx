import { Radio, Stack } from '@mantine/core'
import { type RoleName, roleNames, useMay } from '../api/access.ts'
import { useSpeech } from '../strings/language.tsx'

/** Roles with what each may do. Owners are made by owners alone. */
export function RolePicker({ value, onChange }: { value: RoleName; onChange: (role: RoleName) => void }) {
  const { t } = useSpeech()
  const { who } = useMay()
  return (
    <Radio.Group label={t.access.users.role} value={value} onChange={(each) => onChange(each as RoleName)}>
      <Stack gap={10} mt={8}>
        {roleNames
          .filter((role) => role !== 'owner' || who?.role === 'owner')
          .map((role) => (
            <Radio
              key={role}
              value={role}
              label={t.access.roles[role]}
              description={t.access.meanings[role]}
            />
          ))}
      </Stack>
    </Radio.Group>
  )
}
