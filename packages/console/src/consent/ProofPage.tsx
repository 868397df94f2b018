import { Button } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { request } from '../api/client.ts'
import { type Proof, proofPath, proofQuery } from '../api/consent.ts'
import { showNumber } from '../format/phone.ts'
import { IconDownload, IconPrint } from '../icons.ts'
import { download } from '../show/download.ts'
import { Answer, Back, Card, Page } from '../show/Page.tsx'
import { Problem } from '../show/Problem.tsx'
import tableCss from '../show/Table.module.css'
import { Sign } from '../state/Sign.tsx'
import { useSpeech } from '../strings/language.tsx'
import css from './Consent.module.css'
import { History } from './History.tsx'
import { standingLooks } from './looks.ts'

const route = getRouteApi('/consent/proof')

/** One person's proof, as it is printed; the files are made by the server. */
export default function ProofPage() {
  const { t } = useSpeech()
  const { number = '' } = route.useSearch()
  const query = useQuery({ ...proofQuery(number), enabled: number !== '' })
  const words = t.consent.proof
  return (
    <Page
      title={words.title(showNumber(number))}
      narrow
      back={
        <div className={css.noPrint}>
          <Back to={`/consent?number=${encodeURIComponent(number)}` as '/consent'}>{words.back}</Back>
        </div>
      }
    >
      <Downloads number={number} />
      <Answer query={query}>{(proof) => <Sheet proof={proof} />}</Answer>
    </Page>
  )
}

function Downloads({ number }: { number: string }) {
  const { t, language } = useSpeech()
  const words = t.consent.proof
  const save = useMutation({
    mutationFn: async (form: 'json' | 'html') => {
      const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
      const more = form === 'html' ? { format: 'html', language, time_zone: zone } : {}
      download(
        `consent-${number.replace(/\D/g, '')}.${form}`,
        await (await request(proofPath(number, more))).blob(),
      )
    },
  })
  return (
    <div className={css.noPrint}>
      <div className={css.proofAct}>
        <Button leftSection={<IconPrint size={18} aria-hidden />} onClick={() => print()}>
          {words.print}
        </Button>
        {(['json', 'html'] as const).map((form) => (
          <Button
            key={form}
            variant="default"
            leftSection={<IconDownload size={18} aria-hidden />}
            loading={save.isPending && save.variables === form}
            onClick={() => save.mutate(form)}
          >
            {form === 'json' ? words.json : words.page}
          </Button>
        ))}
      </div>
      {save.isError && <Problem error={save.error} />}
    </div>
  )
}

function Sheet({ proof }: { proof: Proof }) {
  const { t, format } = useSpeech()
  const words = t.consent.proof
  const standings = [...proof.topics, { id: '', name: t.consent.otherMarketing, ...proof.marketing }]
  const names = proof.entries.flatMap(({ topic, topic_name }) =>
    topic && topic_name ? [{ id: topic, name: topic_name }] : [],
  )
  const code = (text: string) => <code className="mono">{text}</code>
  return (
    <>
      <p className={css.faint}>
        {words.of(proof.account.name, proof.account.id)} {words.made(format.full(proof.made_at))}
      </p>
      <Card title={t.consent.topicsTitle}>
        <dl className={css.facts}>
          {standings.map(({ id, name, standing }) => (
            <div key={id} className={css.fact}>
              <dt>{name}</dt>
              <dd>
                <Sign look={standingLooks[standing]} word={t.consent.standing[standing]} />
              </dd>
            </div>
          ))}
        </dl>
      </Card>
      <Card title={words.said}>
        <History
          entries={proof.entries}
          topics={names}
          more={({ id, hash, prev_hash, content, intact, problem }) => [
            { name: words.entry, value: code(id) },
            { name: words.hash, value: code(hash) },
            { name: words.before, value: code(prev_hash) },
            { name: words.content, value: code(content) },
            { name: words.check, value: intact ? words.intact : words.broken(problem ?? '') },
          ]}
        />
      </Card>
      <Card title={words.verify}>
        <p className={tableCss.sub}>{words.verifying}</p>
        <p className={css.faint} style={{ overflowWrap: 'anywhere' }}>
          {words.chainIs(format.number(proof.chain.entries), proof.chain.head)}
        </p>
      </Card>
    </>
  )
}
