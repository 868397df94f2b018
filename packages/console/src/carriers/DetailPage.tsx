import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useMay } from '../api/access.ts'
import { ApiError } from '../api/client.ts'
import { carrierPath, carrierQuery } from '../api/operate.ts'
import type { Carrier } from '../api/operate-types.ts'
import { CodeBlock } from '../show/CodeBlock.tsx'
import { Curl } from '../show/Curl.tsx'
import { Answer, Back, Card, ItemPage, Lead, Next } from '../show/Page.tsx'
import { useTitle } from '../show/useTitle.ts'
import { useNow } from '../show/When.tsx'
import { carrierLooks } from '../state/operate-looks.ts'
import { Sign } from '../state/Sign.tsx'
import { useSpeech } from '../strings/language.tsx'
import { Binds } from './Binds.tsx'
import { Charts } from './Charts.tsx'
import { End } from './End.tsx'
import { Errors } from './Errors.tsx'
import { bindsUp, carrierError, lastErrorOf } from './health.ts'
import { ItsRoutes } from './ItsRoutes.tsx'
import { Learned } from './Learned.tsx'
import { ModeActions } from './ModeActions.tsx'
import { SettingsForm } from './SettingsForm.tsx'

const route = getRouteApi('/carriers/$id')

/** One carrier: how it is in a sentence, what to do, then how it does, what it is, and how it is set up. */
export default function DetailPage() {
  const { t } = useSpeech()
  const { id } = route.useParams()
  const query = useQuery(carrierQuery(id))
  const { data, error } = query
  useTitle(data?.name ?? t.carriers.title)
  const missing = error instanceof ApiError && error.code === 'not_found'
  return (
    <ItemPage back={<Back to="/carriers">{t.carriers.title}</Back>}>
      {missing ? (
        <Lead title={t.carriers.notFound}>
          <Next>{t.carriers.notFoundHint}</Next>
        </Lead>
      ) : (
        <Answer query={query}>{(carrier) => <Whole key={carrier.id} carrier={carrier} />}</Answer>
      )}
    </ItemPage>
  )
}

function Whole({ carrier }: { carrier: Carrier }) {
  const { t, format } = useSpeech()
  useNow()
  const { state, since, code } = carrier.health
  const may = useMay().mayChange('operate')
  const up = format.number(bindsUp(carrier))
  const of = format.number(carrier.binds.length)
  const lastError = state === 'up' ? undefined : lastErrorOf(carrier.binds)
  return (
    <>
      <Lead
        sign={<Sign look={carrierLooks[state]} word={t.carriers.states[state]} tinted />}
        title={t.carriers.sentence[state](carrier.name, up, of)}
      >
        <Next>
          {since && `${t.carriers.since(format.moment(since))} `}
          {t.carriers.nextByCode[code] ?? t.carriers.next[state]}
        </Next>
        {lastError && (
          <Next>
            {t.carriers.lastError(carrierError(lastError.code, t), format.relative(lastError.at, Date.now()))}{' '}
            <code className="mono">{lastError.code}</code>
          </Next>
        )}
        {may && <ModeActions carrier={carrier} />}
      </Lead>
      <Charts carrier={carrier} />
      <Binds carrier={carrier} />
      <Errors carrier={carrier} />
      <Learned carrier={carrier} may={may} />
      <ItsRoutes carrier={carrier} />
      {may && <SettingsForm carrier={carrier} />}
      {may && <End carrier={carrier} />}
      <Card title={t.carriers.json}>
        <CodeBlock label={t.carriers.jsonLabel}>{JSON.stringify(carrier, null, 2)}</CodeBlock>
      </Card>
      <Curl title={t.carriers.call} path={carrierPath(carrier.id)} />
    </>
  )
}
