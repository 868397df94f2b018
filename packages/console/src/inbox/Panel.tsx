import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { TalkDetail } from '../api/inbox.ts'
import { infoQuery } from '../api/queries.ts'
import { showNumber } from '../format/phone.ts'
import { IconDone, IconPeople, IconRefused } from '../icons.ts'
import { CopyIcon } from '../show/CopyIcon.tsx'
import { Curl } from '../show/Curl.tsx'
import { useNow, When } from '../show/When.tsx'
import { useSpeech } from '../strings/language.tsx'
import css from './Panel.module.css'

interface PanelProps {
  talk: TalkDetail
  youId: string | undefined
  /** Asks for the conversation that it is one with; nothing where the reader may not. */
  onMerge: (() => void) | undefined
}

/** Who it is, what they want to hear from us, and what we have promised. */
export function Panel({ talk, youId, onMerge }: PanelProps) {
  const { t, format } = useSpeech()
  const { data: info } = useQuery(infoQuery)
  const now = useNow()
  const words = t.inbox.panel
  const { person, consent, targets } = talk
  const addresses = talk.addresses.length > 0 ? talk.addresses : [talk.address]
  return (
    <div className={css.panel}>
      <h2>{person.name ?? words.unknown}</h2>
      {person.contact_id && info?.scopes.includes('contacts') && (
        <Link to={`/people/${person.contact_id}` as string} className={css.link}>
          {words.contact}
        </Link>
      )}
      {onMerge && (
        <Button
          variant="default"
          size="compact-sm"
          className={css.merge ?? ''}
          leftSection={<IconPeople size={15} aria-hidden />}
          onClick={onMerge}
        >
          {t.inbox.merge.open}
        </Button>
      )}
      <ul className={css.addresses} aria-label={words.addresses}>
        {addresses.map((address) => (
          <li key={address}>
            <span className="mono">{showNumber(address)}</span>
            {!address.includes('•') && <CopyIcon text={address} what={showNumber(address)} />}
          </li>
        ))}
      </ul>
      <dl className={css.facts}>
        {person.language && <Fact name={words.language}>{person.language}</Fact>}
        <Fact name={words.assignee}>
          {talk.assignee?.id === youId && youId ? t.inbox.you : (talk.assignee?.name ?? words.nobody)}
        </Fact>
        {talk.team && <Fact name={words.team}>{talk.team.name}</Fact>}
        <Fact name={words.opened}>
          <When at={talk.opened_at} />
        </Fact>
        {talk.waiting_since && (
          <Fact name={words.waiting}>
            <When at={talk.waiting_since} />
          </Fact>
        )}
      </dl>
      {targets.length > 0 && (
        <section>
          <h3>{words.promises}</h3>
          <ul className={css.lines}>
            {targets.map(({ target, due_at }) => {
              const late = Date.parse(due_at) <= now
              return (
                <li key={target} data-late={late || undefined}>
                  {t.inbox.target[target]}: {(late ? words.late : words.due)(format.relative(due_at, now))}
                </li>
              )
            })}
          </ul>
        </section>
      )}
      <section>
        <h3>{words.consent}</h3>
        {consent.length === 0 ? (
          <p className={css.quiet}>{words.noConsent}</p>
        ) : (
          <ul className={css.lines}>
            {consent.map(({ topic, sender, granted, at }) => {
              const what = topic?.name ?? (sender ? words.fromSender(showNumber(sender)) : words.everything)
              const Icon = granted ? IconDone : IconRefused
              return (
                <li key={`${topic?.id} ${sender}`} data-granted={granted}>
                  <Icon size={16} aria-hidden />
                  <span>
                    {(granted ? words.granted : words.withdrawn)(what)} · <When at={at} />
                  </span>
                </li>
              )
            })}
          </ul>
        )}
      </section>
      <details className={css.call}>
        <summary>{words.call}</summary>
        <Curl path={`/v1/inbox/conversations/${talk.id}`} />
      </details>
    </div>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  )
}
