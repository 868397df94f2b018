import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useMay } from '../api/access.ts'
import { ApiError } from '../api/client.ts'
import { type Service, servicePath, serviceQuery } from '../api/keywords.ts'
import { IconWarning } from '../icons.ts'
import { CodeBlock } from '../show/CodeBlock.tsx'
import { Curl } from '../show/Curl.tsx'
import { Answer, Back, Card, ItemPage, Lead, Next } from '../show/Page.tsx'
import { useTitle } from '../show/useTitle.ts'
import { useNow } from '../show/When.tsx'
import { Sign } from '../state/Sign.tsx'
import { useSpeech } from '../strings/language.tsx'
import { EditForm } from './EditForm.tsx'
import { End } from './End.tsx'
import css from './Keywords.module.css'
import { stateLooks, stateOf } from './state.ts'
import { TableCard } from './TableCard.tsx'
import { Uses } from './Uses.tsx'

const route = getRouteApi('/keywords/$id')

/** One service: how it does in a sentence, what it says, its table, and a phone to try it. */
export default function DetailPage() {
  const { t } = useSpeech()
  const { id } = route.useParams()
  const query = useQuery(serviceQuery(id))
  const { data, error } = query
  useTitle(data?.name ?? t.keywords.title)
  const missing = error instanceof ApiError && error.code === 'not_found'
  return (
    <ItemPage back={<Back to="/keywords">{t.keywords.back}</Back>}>
      {missing ? (
        <Lead title={t.keywords.notFound}>
          <Next>{t.keywords.notFoundHint}</Next>
        </Lead>
      ) : (
        <Answer query={query}>{(service) => <Whole key={service.id} service={service} />}</Answer>
      )}
    </ItemPage>
  )
}

function Whole({ service }: { service: Service }) {
  const { t } = useSpeech()
  const may = useMay().mayChange('keywords')
  return (
    <>
      <Head service={service} />
      <EditForm
        service={service}
        may={may}
        table={service.kind === 'table' && <TableCard service={service} may={may} />}
      />
      <Uses id={service.id} />
      {may && <End service={service} />}
      <Card title={t.keywords.json}>
        <CodeBlock label={t.keywords.jsonLabel}>{JSON.stringify(service, null, 2)}</CodeBlock>
      </Card>
      <Curl title={t.keywords.call} path={servicePath(service.id)} />
    </>
  )
}

function Head({ service }: { service: Service }) {
  const { t, format } = useSpeech()
  const now = useNow()
  const words = t.keywords
  const state = stateOf(service)
  const { problem, failed_at, rests_until } = service.state ?? {}
  return (
    <Lead
      sign={<Sign look={stateLooks[state]} word={words.states[state]} tinted />}
      title={words.sentence[state](service.name, service.usage)}
    >
      {state === 'on' && <Next>{words.next.on}</Next>}
      {state === 'off' && <Next>{words.next.off}</Next>}
      {state === 'troubled' && problem && failed_at && (
        <Next>
          {words.next.troubled(problem.sentence, format.relative(failed_at, now))}{' '}
          {rests_until && words.next.rests(format.moment(rests_until))}
        </Next>
      )}
      {service.warnings.length > 0 && (
        <ul className={css.warnings}>
          {service.warnings.map(({ code, name = '', sentence }) => (
            <li key={code + name}>
              <IconWarning size={16} aria-hidden />
              {words.warning[code]?.(name) ?? sentence}
            </li>
          ))}
        </ul>
      )}
    </Lead>
  )
}
