import { useMutation, useQueryClient } from '@tanstack/react-query'
import { call } from '../api/client.ts'
import { type Contact, contactPath, type Erasure } from '../api/contacts.ts'
import { Confirm } from '../show/Confirm.tsx'
import { Card } from '../show/Page.tsx'
import { useSpeech } from '../strings/language.tsx'
import css from './People.module.css'

/** Erases a person after a typed word, and shows the receipt. */
export function Erase({ person, name, onDone }: { person: Contact; name: string; onDone: () => void }) {
  const { t, format } = useSpeech()
  const words = t.people.erase
  const client = useQueryClient()
  const erase = useMutation({
    mutationFn: () => call<Erasure>(`${contactPath(person.id)}/erase`, { method: 'POST' }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['contacts'] }),
  })
  const receipt = erase.data
  return (
    <Card title={words.title(name)} mark="failed">
      {receipt ? (
        <div className={css.form} role="status">
          <p className={css.words}>
            {words.done} {words.receipt(receipt.id)}{' '}
            {receipt.left > 0 && words.left(format.number(receipt.left))}
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
      ) : (
        <Confirm
          text={words.sure}
          act={words.act}
          keep={words.keep}
          danger
          typed={{ label: words.typed, word: words.word }}
          busy={erase.isPending}
          error={erase.error}
          onAct={() => erase.mutate()}
          onKeep={onDone}
        />
      )}
    </Card>
  )
}
