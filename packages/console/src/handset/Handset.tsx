import { VisuallyHidden } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { call } from '../api/client.ts'
import { handsetPath } from '../api/queries.ts'
import { bareNumber, looksDialable, showNumber } from '../format/phone.ts'
import { IconEdit } from '../icons.ts'
import { When } from '../show/When.tsx'
import { useSpeech } from '../strings/language.tsx'
import css from './Handset.module.css'
import { useHandset } from './useHandset.ts'
import { WriteBox } from './WriteBox.tsx'

interface HandsetProps {
  number: string
  defaultSender: string | undefined
  onNumber: (number: string) => void
}

/** Where a reply goes as long as nobody has written to this phone and the server has no sender of its own. */
const anyShortCode = '7678'
const buzzMs = 450

/** A virtual phone: what arrives on it, and a box to answer. It buzzes. */
export function Handset({ number, defaultSender, onNumber }: HandsetProps) {
  const { t } = useSpeech()
  const { messages, loading, error, connected, arrived } = useHandset(number)
  const [buzzing, setBuzzing] = useState(false)
  const talk = useRef<HTMLOListElement>(null)

  useEffect(() => {
    if (!arrived) return
    setBuzzing(true)
    if ('vibrate' in navigator) navigator.vibrate(80)
    const timer = setTimeout(() => setBuzzing(false), buzzMs)
    return () => clearTimeout(timer)
  }, [arrived])

  useEffect(() => {
    if (messages.length > 0) talk.current?.scrollTo({ top: talk.current.scrollHeight })
  }, [messages.length])

  const lastIn = messages.findLast(({ direction }) => direction === 'in')
  const replyTo = lastIn?.from || defaultSender || anyShortCode
  return (
    <section className={css.phone} data-buzzing={buzzing || undefined} aria-label={t.handset.title}>
      <div className={buzzing ? `${css.screen} ${css.buzz}` : css.screen}>
        <header className={css.top}>
          <h2>{t.handset.title}</h2>
          <NumberField number={number} onNumber={onNumber} />
        </header>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
        <ol className={css.talk} ref={talk} tabIndex={0} aria-label={t.handset.messages}>
          {!loading && messages.length === 0 && <li className={css.empty}>{t.handset.empty}</li>}
          {messages.map((message) => (
            <li
              key={message.id}
              className={message.id === arrived?.id ? `${css.message} ${css.new}` : css.message}
              data-own={message.direction === 'out' || undefined}
            >
              <VisuallyHidden>
                {message.direction === 'out' ? t.handset.fromYou : t.handset.toYou}
              </VisuallyHidden>
              <div className={css.bubble} dir="auto">
                {message.text}
              </div>
              <div className={css.meta}>
                {message.direction === 'in' && message.from ? `${showNumber(message.from)} · ` : ''}
                <When at={message.at} />
              </div>
            </li>
          ))}
        </ol>
        {(error || !connected) && <div className={css.note}>{t.handset.offline}</div>}
        <WriteBox
          label={t.handset.replyLabel(showNumber(replyTo))}
          placeholder={t.handset.placeholder}
          send={t.handset.send}
          write={(text) =>
            call(`${handsetPath(number)}/messages`, { method: 'POST', body: { to: replyTo, text } })
          }
        />
      </div>
      <VisuallyHidden aria-live="polite">{arrived && t.handset.arrived(arrived.text)}</VisuallyHidden>
    </section>
  )
}

/** The phone's number, taken over on Enter or when the field is left. */
function NumberField({ number, onNumber }: Pick<HandsetProps, 'number' | 'onNumber'>) {
  const { t } = useSpeech()
  const [typed, setTyped] = useState(showNumber(number))
  const wrong = !looksDialable(typed)
  const take = () => {
    const bare = bareNumber(typed)
    if (!wrong && bare !== number) onNumber(bare)
  }
  return (
    <>
      <div className={css.edit}>
        <input
          className={css.number}
          type="tel"
          autoComplete="off"
          aria-label={t.handset.number}
          aria-invalid={wrong || undefined}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          onBlur={take}
          onKeyDown={(event) => {
            if (event.key === 'Enter') take()
          }}
        />
        <IconEdit size={14} aria-hidden />
      </div>
      {wrong && <p className={css.invalid}>{t.handset.invalid}</p>}
    </>
  )
}
