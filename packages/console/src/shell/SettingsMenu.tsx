import { type MantineColorScheme, Menu, UnstyledButton, useMantineColorScheme } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { forgetKey, useSession } from '../api/session.ts'
import { IconAuto, IconDark, IconDone, IconLanguage, IconLeave, IconLight, IconSettings } from '../icons.ts'
import { catalogues, languages, useSpeech } from '../strings/language.tsx'
import css from './Shell.module.css'

const schemeIcons = { auto: IconAuto, light: IconLight, dark: IconDark } as const
const schemes = Object.keys(schemeIcons) as MantineColorScheme[]

/** Language, light or dark, and the way out. */
export function SettingsMenu() {
  const { t, language, setLanguage } = useSpeech()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const { key } = useSession()
  const client = useQueryClient()
  const chosen = <IconDone size={16} aria-hidden />
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
        {languages.map((each) => (
          <Menu.Item
            key={each}
            lang={each}
            role="menuitemradio"
            aria-checked={each === language}
            leftSection={<IconLanguage size={16} aria-hidden />}
            rightSection={each === language ? chosen : undefined}
            onClick={() => setLanguage(each)}
          >
            {catalogues[each].languageName}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Label>{t.nav.scheme}</Menu.Label>
        {schemes.map((each) => {
          const Icon = schemeIcons[each]
          return (
            <Menu.Item
              key={each}
              role="menuitemradio"
              aria-checked={each === colorScheme}
              leftSection={<Icon size={16} aria-hidden />}
              rightSection={each === colorScheme ? chosen : undefined}
              onClick={() => setColorScheme(each)}
            >
              {t.nav.schemes[each]}
            </Menu.Item>
          )
        })}
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
