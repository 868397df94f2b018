import { NativeSelect, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { profilesQuery } from '../api/operate.ts'
import type { CarrierProfile } from '../api/operate-types.ts'
import { useSpeech } from '../strings/language.tsx'
import css from './Fields.module.css'

const hintFirst: ('label' | 'input' | 'description' | 'error')[] = ['label', 'input', 'description', 'error']

/** The profiles that carriers of a kind may have; none while they are on their way. */
export function useProfiles(kind: string): readonly CarrierProfile[] {
  const { data = [] } = useQuery({
    ...profilesQuery,
    select: (all) => all.filter((each) => each.kind === kind),
  })
  return data
}

/** What every carrier has, of whatever kind. `naming`: it gets its name now, so the form says what names are for. */
export function NameAndProfile({
  profiles,
  name,
  profile,
  errors,
  naming = false,
  onName,
  onProfile,
}: {
  profiles: readonly CarrierProfile[]
  name: string
  profile: string
  errors: Readonly<Record<string, string>>
  naming?: boolean
  onName: (name: string) => void
  onProfile: (profile: string) => void
}) {
  const { t } = useSpeech()
  return (
    <div className={css.pair}>
      <TextInput
        label={t.carrierFields.name}
        {...(naming ? { description: t.carrierFields.nameHint, withAsterisk: true } : {})}
        inputWrapperOrder={hintFirst}
        autoComplete="off"
        value={name}
        error={errors.name}
        onChange={(event) => onName(event.currentTarget.value)}
      />
      <NativeSelect
        label={t.carrierFields.profile}
        description={profiles.find((each) => each.name === profile)?.what ?? t.carrierFields.profileHint}
        inputWrapperOrder={hintFirst}
        data={[
          { value: '', label: t.carrierFields.profileNone },
          ...profiles.map((each) => ({ value: each.name, label: each.name })),
        ]}
        value={profile}
        error={errors.profile}
        onChange={(event) => onProfile(event.currentTarget.value)}
      />
    </div>
  )
}
