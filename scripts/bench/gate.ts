import { createConsent } from '../../packages/server/src/capabilities/consent/ledger.ts'
import { createAlmanac } from '../../packages/server/src/capabilities/consent/rules/almanac.ts'
import { putRules } from '../../packages/server/src/capabilities/consent/rules/gate.store.ts'
import { createConsentGate } from '../../packages/server/src/capabilities/consent/rules/gate.ts'
import { defaultRules } from '../../packages/server/src/capabilities/consent/rules/settings.ts'
import { insertTopic } from '../../packages/server/src/capabilities/consent/topics.store.ts'
import { uuidv7 } from '../../packages/server/src/ids.ts'
import { keyedHash } from '../../packages/server/src/keyed-hash.ts'
import { silentLog } from '../../packages/server/src/log.ts'
import type { Asked } from '../../packages/server/src/message/gate.ts'
import { type Db, openDb, statement } from '../../packages/server/src/store/db.ts'
import { keyring } from '../../packages/server/src/store/installation.store.ts'
import { migrate } from '../../packages/server/src/store/migrate.ts'
import { databaseUrl, startTestCluster } from '../../packages/server/src/store/test-cluster.ts'
import { readFlags } from '../flags.ts'
import { say } from './setting.ts'
import { aligned, machine } from './table.ts'

/** What consent, hours and caps cost an advert on its way in: the gate alone, on a database of its own. */

const flags = {
  drafts: { fallback: '100000', help: 'Adverts, each to a person of their own who has agreed.' },
  page: { fallback: '5000', help: 'Adverts a transaction, as an audience is sent to.' },
} as const

/** Half in Germany, the others over states and countries with rules of their own. */
const prefixes = [
  '+49151',
  '+49171',
  '+49160',
  '+49175',
  '+1212555',
  '+1305555',
  '+1415555',
  '+3361',
  '+4477',
  '+55119',
]
const numberOf = (n: number): string => {
  const prefix = prefixes[n % prefixes.length]!
  return prefix + String(n).padStart(12 - prefix.length, '0')
}

const noon = new Date('2026-11-24T16:00Z')
const night = new Date('2026-11-24T23:30Z')
const addAccount = statement(
  'bench_account',
  'insert into accounts (id, name, created_at) values ($1, $2, now())',
)

interface Setting {
  db: Db
  accountId: string
  topic: string
  page: number
  consent: ReturnType<typeof createConsent>
}

async function grantAll({ db, accountId, topic, consent }: Setting, drafts: number): Promise<void> {
  const step = 5_000
  for (let from = 0; from < drafts; from += step) {
    const entries = Array.from({ length: Math.min(step, drafts - from) }, (_, n) => ({
      ...{
        accountId,
        number: numberOf(from + n),
        topic,
        sender: null,
        act: 'granted' as const,
        how: 'import' as const,
      },
    }))
    await db.transaction((tx) => consent.append(tx, entries, noon))
  }
}

/** Seconds for all drafts, and what became of them. */
async function judgeAll({ db, accountId, topic, page, consent }: Setting, drafts: number, now: Date) {
  const gate = createConsentGate({ consent, almanac: createAlmanac(), now: () => now })
  const outcomes = { now: 0, later: 0, refused: 0 }
  const begun = performance.now()
  for (let from = 0; from < drafts; from += page) {
    const asked = Array.from(
      { length: Math.min(page, drafts - from) },
      (_, n): Asked => ({
        accountId,
        draft: { to: numberOf(from + n), text: 'Neu im Laden', topic },
        ...{ sender: 'Laden', lane: 'transactional', segments: 1 },
      }),
    )
    const verdicts = await db.transaction((tx) => gate.judge(asked, tx))
    for (const verdict of verdicts) {
      if (verdict.verdict === 'refuse') outcomes.refused++
      else if (verdict.verdict === 'amend' && verdict.draft.hold) outcomes.later++
      else outcomes.now++
    }
  }
  return { seconds: (performance.now() - begun) / 1_000, ...outcomes }
}

export async function benchGate(args: readonly string[]): Promise<void> {
  const given = readFlags('npm run bench -- gate', flags, args)
  if (given === undefined) return
  const [drafts, page] = [Number(given.drafts), Number(given.page)]
  const running = await startTestCluster({ parameters: { fsync: 'on', full_page_writes: 'on' } })
  const url = databaseUrl(running.cluster.url, 'postgres')
  await migrate(url, silentLog)
  const db = openDb(url, { max: 4, log: silentLog })
  try {
    const keyed = await keyring(db)
    const consent = createConsent(keyedHash(keyed('consent.consent')))
    const [accountId, topic] = [uuidv7(Date.now()), uuidv7(Date.now())]
    await db.query(addAccount, [accountId, 'Bench'])
    await insertTopic(
      db,
      {
        ...{
          account_id: accountId,
          id: topic,
          key: 'angebote',
          name: 'Angebote',
          kind: 'marketing',
          sender: 'Laden',
        },
        ...{ language: 'de', texts: {}, frequency_caps: [], mandatory: false },
      },
      noon,
    )
    const setting = { db, accountId, topic, page, consent }
    say(`${drafts.toLocaleString('en')} people agree …`)
    await grantAll(setting, drafts)
    const runs: [label: string, now: Date, caps: boolean][] = [
      ['consent and hours, by day', noon, false],
      ['the same by night: put off', night, false],
      ['with a cap a day and one a week', noon, true],
      ['the same again: the cap is full', noon, true],
    ]
    const lines = [['', 's', 'µs a draft', 'now', 'later', 'refused']]
    for (const [label, now, caps] of runs) {
      await putRules(db, accountId, { ...defaultRules, caps: caps ? { day: 1, week: 3 } : {} }, now)
      say(`${label} …`)
      const { seconds, ...outcome } = await judgeAll(setting, drafts, now)
      lines.push([
        label,
        seconds.toFixed(1),
        ((seconds / drafts) * 1e6).toFixed(0),
        ...[outcome.now, outcome.later, outcome.refused].map((count) => count.toLocaleString('en')),
      ])
    }
    process.stdout.write(
      `${aligned(lines)}\n\n${machine()}, PostgreSQL with fsync on.\n` +
        `${drafts.toLocaleString('en')} adverts to as many people in pages of ${page.toLocaleString('en')}, a transaction each; ` +
        'half of the numbers German, the others American, French, British and Brazilian.\n',
    )
  } finally {
    await db.close()
    await running.end()
  }
}
