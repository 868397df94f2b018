import { type MantineColorScheme, Menu, UnstyledButton, useMantineColorScheme } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type Who, whoQuery } from '../api/access.ts'
import { call } from '../api/client.ts'
import { enterAsUser, nobodyIsHere, useSession } from '../api/session.ts'
import { IconAccount, IconAuto, IconDark, IconLeave, IconLight, IconSettings } from '../icons.ts'
import { catalogues, type Language, languages, useSpeech } from '../strings/language.tsx'
import css from './Shell.module.css'

const schemes = [
  ['auto', IconAuto],
  ['light', IconLight],
  ['dark', IconDark],
] as const

/** Language, light or dark, the account that is looked at, and the way out. */
export function SettingsMenu() {
  const { t, language, setLanguage } = useSpeech()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const { key, user } = useSession()
  return (
    <Menu width={240} position="top-start" withinPortal>
      <Menu.Target>
        <UnstyledButton className={css.settings}>
          <IconSettings size={20} aria-hidden />
          <span>{t.nav.settings}</span>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t.nav.language}</Menu.Label>
        <Menu.RadioGroup value={language} onChange={(each) => setLanguage(each as Language)}>
          {languages.map((each) => (
            <Menu.RadioItem key={each} value={each} lang={each}>
              {catalogues[each].languageName}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        <Menu.Divider />
        <Menu.Label>{t.nav.scheme}</Menu.Label>
        <Menu.RadioGroup value={colorScheme} onChange={(each) => setColorScheme(each as MantineColorScheme)}>
          {schemes.map(([each, Icon]) => (
            <Menu.RadioItem key={each} value={each} rightSection={<Icon size={16} aria-hidden />}>
              {t.nav.schemes[each]}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        {(key || user) && <WayOut />}
      </Menu.Dropdown>
    </Menu>
  )
}

/** Who is here, the other accounts of a user, and the way out. */
function WayOut() {
  const { t } = useSpeech()
  const { key } = useSession()
  const { data: who } = useQuery(whoQuery)
  const client = useQueryClient()
  const out = useMutation({
    mutationFn: () => (key ? Promise.resolve() : call<void>('/v1/session', { method: 'DELETE' })),
    onSettled: () => {
      nobodyIsHere()
      client.clear()
    },
  })
  const go = useMutation({
    mutationFn: (id: string) => call<void>('/v1/session', { method: 'PATCH', body: { account_id: id } }),
    onSuccess: () => {
      client.clear()
      enterAsUser()
    },
  })
  return (
    <>
      <Menu.Divider />
      {who?.user && <Menu.Label>{t.access.signedInAs(who.user.name)}</Menu.Label>}
      {others(who).map(({ id, name }) => (
        <Menu.Item key={id} leftSection={<IconAccount size={16} aria-hidden />} onClick={() => go.mutate(id)}>
          {t.access.switchTo(name)}
        </Menu.Item>
      ))}
      <Menu.Item leftSection={<IconLeave size={16} aria-hidden />} onClick={() => out.mutate()}>
        {key ? t.nav.leave : t.access.signOut}
      </Menu.Item>
    </>
  )
}

const others = (who: Who | undefined) => who?.accounts.filter(({ id }) => id !== who.account.id) ?? []
