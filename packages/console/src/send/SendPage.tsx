import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { infoQuery } from '../api/queries.ts'
import { bareNumber, looksDialable, showNumber } from '../format/phone.ts'
import { Handset } from '../handset/Handset.tsx'
import { useTitle } from '../show/useTitle.ts'
import { useSpeech } from '../strings/language.tsx'
import { Composer } from './Composer.tsx'
import { changeDraft, useDraft } from './draft.ts'
import { Latest } from './Latest.tsx'
import css from './SendPage.module.css'
import { Track } from './Track.tsx'

const route = getRouteApi('/')

/** Write, send, and watch it arrive. The address holds the message that is followed. */
export default function SendPage() {
  const { t } = useSpeech()
  useTitle(t.titles.send)
  const { message } = route.useSearch()
  const navigate = route.useNavigate()
  const draft = useDraft()
  const { data: info } = useQuery(infoQuery)
  const [handset, setHandset] = useState(() =>
    looksDialable(draft.to) ? bareNumber(draft.to) : '+491700000001',
  )
  return (
    <div className={css.page} data-alone={info?.sandbox === false || undefined}>
      <div className={css.compose}>
        <Composer
          onRecipient={setHandset}
          onAccepted={({ id }) =>
            void navigate({ search: { message: id }, replace: true, resetScroll: false })
          }
        />
      </div>
      <div className={css.track}>
        <Track id={message} />
      </div>
      {info?.sandbox !== false && (
        <div className={css.handset}>
          <div className={css.stays}>
            <Handset
              key={handset}
              number={handset}
              defaultSender={info?.default_sender ?? undefined}
              onNumber={(number) => {
                setHandset(number)
                changeDraft({ to: showNumber(number) })
              }}
            />
          </div>
        </div>
      )}
      <div className={css.latest}>
        <Latest />
      </div>
    </div>
  )
}
