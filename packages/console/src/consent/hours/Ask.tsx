import { Button, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { call } from '../../api/client.ts'
import { type Explanation, explainPath } from '../../api/consent-rules.ts'
import { bareNumber, looksDialable } from '../../format/phone.ts'
import { IconSearch } from '../../icons.ts'
import { Curl } from '../../show/Curl.tsx'
import { Problem } from '../../show/Problem.tsx'
import { useSpeech } from '../../strings/language.tsx'
import css from '../Consent.module.css'

/** More zones than these say no more than their number. */
const mostZones = 4
const example = '+4915123456789'

/** What would become of marketing to a number now. Sends nothing. */
export function Ask() {
  const { t } = useSpeech()
  const words = t.hours.ask
  const [typed, setTyped] = useState('')
  const [faulty, setFaulty] = useState(false)
  const ask = useMutation({
    mutationFn: (to: string) =>
      call<Explanation>(explainPath, { method: 'POST', body: { to, lane: 'marketing' } }),
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const good = looksDialable(typed)
    setFaulty(!good)
    if (good) ask.mutate(bareNumber(typed))
  }
  return (
    <section className="sheet" aria-label={words.title}>
      <form className={css.look} onSubmit={submit}>
        <TextInput
          label={words.label}
          description={words.hint}
          inputWrapperOrder={['label', 'description', 'input', 'error']}
          type="tel"
          autoComplete="off"
          value={typed}
          error={faulty && words.notDialable}
          onChange={(event) => {
            setTyped(event.currentTarget.value)
            setFaulty(false)
          }}
        />
        <Button type="submit" leftSection={<IconSearch size={18} aria-hidden />} loading={ask.isPending}>
          {words.act}
        </Button>
      </form>
      <div className={css.filters} style={{ display: 'block', paddingTop: 0 }}>
        {ask.isError && <Problem error={ask.error} onRetry={() => ask.mutate(bareNumber(typed))} />}
        <div aria-live="polite">{ask.data && <Told told={ask.data} />}</div>
        <Curl
          title={words.curl}
          method="POST"
          path={explainPath}
          body={{ to: ask.variables ?? example, lane: 'marketing' }}
        />
      </div>
    </section>
  )
}

function Told({ told: { verdict, code, sentence, at, zones } }: { told: Explanation }) {
  const { t, format } = useSpeech()
  const words = t.hours.ask
  const shown = zones.slice(0, mostZones).map((zone) => zone.replaceAll('_', ' '))
  if (zones.length > mostZones) shown.push(words.more(zones.length - mostZones))
  return (
    <p>
      <strong>{words.verdicts[verdict]}</strong> {code !== null && (words.codes[code] ?? sentence)}{' '}
      {verdict === 'defer' && at !== null && words.until(format.moment(at))}{' '}
      {zones.length === 0 ? words.nowhere : words.zones(shown.join(', '))}
    </p>
  )
}
