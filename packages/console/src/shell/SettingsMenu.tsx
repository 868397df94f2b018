import { type MantineColorScheme, Menu, UnstyledButton, useMantineColorScheme } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { forgetKey, useSession } from '../api/session.ts'
import { IconAuto, IconDark, IconLeave, IconLight, IconSettings } from '../icons.ts'
import { catalogues, type Language, languages, useSpeech } from '../strings/language.tsx'
import css from './Shell.module.css'

const schemes = [
  ['auto', IconAuto],
  ['light', IconLight],
  ['dark', IconDark],
] as const

/** Language, light or dark, and the way out. */
export function SettingsMenu() {
  const { t, language, setLanguage } = useSpeech()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const { key } = useSession()
  const client = useQueryClient()
  return (
    <Menu width={220} position="top-start" withinPortal>
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
        {key && (
          <>
            <Menu.Divider />
            <Menu.Item
              leftSection={<IconLeave size={16} aria-hidden />}
              onClick={() => {
                forgetKey()
                client.clear()
              }}
            >
              {t.nav.leave}
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  )
}
