import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useMay } from '../../api/access.ts'
import { type ConsentRules, rulesQuery } from '../../api/consent-rules.ts'
import { useFocusBack } from '../../show/Confirm.tsx'
import { Answer, Card } from '../../show/Page.tsx'
import { useSpeech } from '../../strings/language.tsx'
import css from '../Consent.module.css'
import { placeName } from './place.ts'
import { RulesForm } from './RulesForm.tsx'

/** What the account has decided, in sentences, and the form to change it. */
export function Mine() {
  const { t } = useSpeech()
  const [open, setOpen] = useState(false)
  const opener = useFocusBack(open)
  const query = useQuery(rulesQuery)
  const may = useMay().mayChange('consent')
  return (
    <Card
      title={t.hours.mine.title}
      action={
        open || !may ? undefined : (
          <Button ref={opener} variant="default" size="compact-sm" onClick={() => setOpen(true)}>
            {t.hours.mine.change}
          </Button>
        )
      }
    >
      <Answer query={query}>
        {(rules) =>
          open ? <RulesForm rules={rules} onDone={() => setOpen(false)} /> : <Said rules={rules} />
        }
      </Answer>
    </Card>
  )
}

function Said({ rules: { caps, over_cap, kept_elsewhere, hours } }: { rules: ConsentRules }) {
  const { t, format, language } = useSpeech()
  const words = t.hours.mine
  const sentences = [
    ...(caps.length > 0
      ? [
          `${words.caps(caps.map(({ per, most }) => words.cap(format.number(most), words.spans[per])).join(', '))} ${words.overs[over_cap]}`,
        ]
      : []),
    ...(kept_elsewhere === null ? [] : [words.kept(kept_elsewhere)]),
    ...hours.map(({ country, hours: when, holidays, holiday_states = [], instead }) => {
      const where = country === '*' ? words.everywhere : placeName(country, language)
      const closed = [
        words.noHolidays,
        ...(holiday_states.length > 0 ? [words.states(holiday_states.join(', '))] : []),
      ]
      const times = holidays === 'no' ? [when, ...closed].join(', ') : when
      return instead === null ? words.onTop(where, times) : words.instead(where, times, instead)
    }),
  ]
  if (sentences.length === 0) return <p className={css.faint}>{words.none}</p>
  return (
    <ul>
      {sentences.map((sentence) => (
        <li key={sentence}>{sentence}</li>
      ))}
    </ul>
  )
}
