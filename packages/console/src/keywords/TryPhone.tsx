import { VisuallyHidden } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { call } from '../api/client.ts'
import { servicesPath, type Trial } from '../api/keywords.ts'
import phone from '../handset/Handset.module.css'
import { WriteBox } from '../handset/WriteBox.tsx'
import { useSpeech } from '../strings/language.tsx'
import { UnreadableBody } from './draft.ts'
import css from './TryPhone.module.css'

interface TryPhoneProps {
  /** What is tried; nothing: all that is stored. Throws what a form shows at its fields. */
  trying?: () => { id?: string; service?: Record<string, unknown> }
  onTrial?: (trial: Trial) => void
}

interface Turn {
  asked: string
  trial: Trial
}

/** A phone on which a service is tried: what somebody would get, and below each answer why. */
export function TryPhone({ trying = () => ({}), onTrial }: TryPhoneProps) {
  const { t } = useSpeech()
  const words = t.keywords.phone
  const [turns, setTurns] = useState<readonly Turn[]>([])
  const talk = useRef<HTMLOListElement>(null)
  const attempt = async (asked: string) => {
    const body = { ...trying(), text: asked }
    const trial = await call<Trial>(`${servicesPath}/try`, { method: 'POST', body })
    setTurns((before) => [...before, { asked, trial }])
    onTrial?.(trial)
  }
  useEffect(() => {
    if (turns.length > 0) talk.current?.scrollTo({ top: talk.current.scrollHeight })
  }, [turns.length])
  const last = turns.at(-1)?.trial
  return (
    <section className={phone.phone} aria-label={words.title}>
      <div className={phone.screen}>
        <header className={phone.top}>
          <h2>{words.note}</h2>
          <strong>{words.title}</strong>
        </header>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
        <ol className={phone.talk} ref={talk} tabIndex={0} aria-label={t.handset.messages}>
          {turns.length === 0 && <li className={phone.empty}>{words.empty}</li>}
          {turns.map(({ asked, trial }, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: turns are only added, at the end
            <li key={at} className={css.turn}>
              <div className={phone.message} data-own>
                <VisuallyHidden>{t.handset.fromYou}</VisuallyHidden>
                <div className={phone.bubble} dir="auto">
                  {asked}
                </div>
              </div>
              <TrialAnswer trial={trial} />
            </li>
          ))}
        </ol>
        <WriteBox
          label={words.label}
          placeholder={words.placeholder}
          send={words.send}
          write={attempt}
          said={(error) => (error instanceof UnreadableBody ? t.keywords.form.noJson : error)}
        />
      </div>
      <VisuallyHidden aria-live="polite">
        {last && (last.answer ? t.handset.arrived(last.answer.text) : words.left)}
      </VisuallyHidden>
    </section>
  )
}

/** What somebody would get, and why. */
function TrialAnswer({ trial }: { trial: Trial }) {
  const { t, format } = useSpeech()
  const words = t.keywords.phone
  const { answer, result, trace, arguments: given, match, keyword } = trial
  const read = given.flatMap(({ name, value }) => (value === null ? [] : [`${name}: ${value}`]))
  return (
    <>
      {answer ? (
        <div className={phone.message}>
          <VisuallyHidden>{t.handset.toYou}</VisuallyHidden>
          <div className={phone.bubble} dir="auto">
            {answer.text}
          </div>
          <div className={phone.meta}>
            {words.meta(answer.language, t.meter.segments(answer.segments, format.number(answer.segments)))}
            {result && result !== 'answer' && ` · ${words.results[result]}`}
            {answer.cut && ` · ${words.cut}`}
          </div>
        </div>
      ) : (
        <p className={css.left}>{words.left}</p>
      )}
      <details className={css.why}>
        <summary>{words.why}</summary>
        <ul>
          {keyword && match && <li>{[keyword, ...read].join(' · ')}</li>}
          {trace.map(({ code, sentence }) => (
            <li key={code}>{words.trace[code] ?? sentence}</li>
          ))}
          {trial.source?.problem && <li>{trial.source.problem.sentence}</li>}
        </ul>
      </details>
    </>
  )
}
