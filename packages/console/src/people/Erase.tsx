import { call } from '../api/client.ts'
import { type Contact, contactPath, type Erasure } from '../api/contacts.ts'
import { useRemoval } from '../api/removal.ts'
import { Confirm } from '../show/Confirm.tsx'
import { Card } from '../show/Page.tsx'
import { useSpeech } from '../strings/language.tsx'
import css from './People.module.css'

interface EraseProps {
  person: Contact
  name: string
  onErased: (receipt: Erasure) => void
  onDone: () => void
}

/** Erases a person after a typed word. */
export function Erase({ person, name, onErased, onDone }: EraseProps) {
  const { t } = useSpeech()
  const words = t.people.erase
  const path = contactPath(person.id)
  const erase = useRemoval({
    path,
    stale: [['contacts'], ['lists']],
    act: () => call<Erasure>(`${path}/erase`, { method: 'POST' }).then(onErased),
  })
  return (
    <Card title={words.title(name)} mark="failed">
      <Confirm
        text={words.sure}
        act={words.act}
        keep={words.keep}
        danger
        word={words.word}
        busy={erase.isPending}
        error={erase.error}
        onAct={() => erase.mutate('')}
        onKeep={onDone}
      />
    </Card>
  )
}

/** What is left of a person: what was erased, and where. */
export function Receipt({ receipt }: { receipt: Erasure }) {
  const { t, format } = useSpeech()
  const words = t.people.erase
  return (
    <Card title={words.done} mark="failed">
      <div className={css.form} role="status">
        <p className={css.words}>
          {words.receipt(receipt.id)} {receipt.left > 0 && words.left(format.number(receipt.left))}
        </p>
        <dl className={css.facts}>
          {receipt.places
            .filter(({ count }) => count > 0)
            .map(({ place, count }) => (
              <div key={place} style={{ display: 'contents' }}>
                <dt>{words.places[place] ?? place}</dt>
                <dd>{format.number(count)}</dd>
              </div>
            ))}
        </dl>
      </div>
    </Card>
  )
}
