import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { Entry, Topic } from '../api/consent.ts'
import { showNumber } from '../format/phone.ts'
import { Sign } from '../state/Sign.tsx'
import { useSpeech } from '../strings/language.tsx'
import css from './Consent.module.css'
import { actLooks } from './looks.ts'
import { aboutText } from './words.ts'

/** Verbatim, in quotation of its own. */
const verbatim = ['text_shown', 'text_received']

export interface Fact {
  name: string
  value: ReactNode
  verbatim?: boolean
}

/** Entries of the ledger, each with what is kept of it. `more` adds what only a proof shows. */
export function History<E extends Entry>({
  entries,
  topics,
  more,
}: {
  entries: readonly E[]
  topics: readonly Pick<Topic, 'id' | 'name'>[]
  more?: (entry: E) => Fact[]
}) {
  const { t, format } = useSpeech()
  const words = t.consent
  if (entries.length === 0) return <p className={css.faint}>{words.noHistory}</p>
  return (
    <ol className={css.entries}>
      {entries.map((entry) => (
        <li key={entry.id} className={css.entry}>
          <div className={css.entryHead}>
            <Sign look={actLooks[entry.act]} word={words.acts[entry.act]} />
            <span>{words.about(aboutText(entry, topics, t))}</span>
            <span className={css.faint}>
              {words.hows[entry.how]}
              {entry.via && ` ${words.via(showNumber(entry.via))}`}
            </span>
            <span className={css.faint}>
              <time dateTime={entry.at}>{format.full(entry.at)}</time> ·{' '}
              {words.place(format.number(entry.seq))}
            </span>
          </div>
          <Facts
            facts={[
              ...Object.entries(entry.details ?? {}).map(
                ([name, value]): Fact => ({
                  name: words.details[name] ?? name,
                  value: name === 'said_at' ? format.full(value) : value,
                  verbatim: verbatim.includes(name),
                }),
              ),
              ...(entry.details === null ? [{ name: '', value: words.erased }] : []),
              ...entry.message_ids.map(
                (id): Fact => ({ name: words.proof.messages, value: <Message id={id} /> }),
              ),
              ...(more?.(entry) ?? []),
            ]}
          />
        </li>
      ))}
    </ol>
  )
}

const Message = ({ id }: { id: string }) => (
  <Link to="/messages/$id" params={{ id }} className="mono">
    {id}
  </Link>
)

function Facts({ facts }: { facts: readonly Fact[] }) {
  if (facts.length === 0) return null
  return (
    <dl className={css.facts}>
      {facts.map(({ name, value, verbatim: isVerbatim }, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a fact has no other name than its place
        <div key={at} className={css.fact}>
          <dt>{name}</dt>
          <dd>{isVerbatim ? <blockquote className={css.quote}>{value}</blockquote> : value}</dd>
        </div>
      ))}
    </dl>
  )
}
