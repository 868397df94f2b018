import { Kbd, Switch } from '@mantine/core'
import { useState } from 'react'
import { Dialog } from '../show/Dialog.tsx'
import { useSpeech } from '../strings/language.tsx'
import css from './Help.module.css'
import { acts, keysAreOn, keysOf, switchKeys } from './keys.ts'

const apple = /Mac|iPhone|iPad/.test(navigator.userAgent)

/** Every key, and the switch for those who press keys that they do not mean. */
export function Help({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useSpeech()
  const [on, setOn] = useState(keysAreOn)
  const words = t.inbox.help
  return (
    <Dialog opened={opened} onClose={onClose} title={words.title} close={words.close}>
      <p className={css.text}>{words.text}</p>
      <dl className={css.keys}>
        {acts.map((act) => (
          <div key={act}>
            <dt>
              {keysOf(act).map((key) => (
                <Kbd key={key}>{key === 'Escape' ? 'Esc' : key}</Kbd>
              ))}
            </dt>
            <dd>{words.act[act]}</dd>
          </div>
        ))}
        <div>
          <dt>
            <Kbd>{apple ? '⌘' : 'Ctrl'}</Kbd> <Kbd>Enter</Kbd>
          </dt>
          <dd>{words.send}</dd>
        </div>
      </dl>
      <Switch
        label={words.on}
        description={words.off}
        checked={on}
        onChange={({ currentTarget: { checked } }) => {
          setOn(checked)
          switchKeys(checked)
        }}
      />
    </Dialog>
  )
}
