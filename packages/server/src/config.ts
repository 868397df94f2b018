import { isIP } from 'node:net'
import { parseRoles } from './roles.ts'

/**
 * Every setting, one entry each: environment variable, default, check, help. docs/config.md is generated
 * from this table, and `kurzpost serve` refuses to start on a value that the check does not take.
 */
interface Setting<T> {
  readonly env: string
  readonly fallback: string | undefined
  /** Turns the text into the value, or throws a sentence that says what would be right. */
  readonly parse: (text: string) => T
  readonly help: string
  /** Never printed. */
  readonly secret?: true
}

const setting = <T>(entry: Setting<T>): Setting<T> => entry

const text = (value: string): string => value
const port = (value: string): number => {
  const number = Number(value)
  if (!/^\d+$/.test(value) || number > 65_535) throw new Error('a port is a whole number from 0 to 65535')
  return number
}
const count =
  (from: number, to: number) =>
  (value: string): number => {
    const number = Number(value)
    if (!/^\d+$/.test(value) || number < from || number > to)
      throw new Error(`it takes a whole number from ${from} to ${to}`)
    return number
  }
const flag = (value: string): boolean => {
  if (/^(1|true|yes|on)$/i.test(value)) return true
  if (/^(0|false|no|off)$/i.test(value)) return false
  throw new Error('it takes on or off')
}
const oneOf =
  <T extends string>(...values: T[]) =>
  (value: string): T => {
    if (!values.includes(value as T)) throw new Error(`it takes one of ${values.join(', ')}`)
    return value as T
  }
const country = (value: string): string => {
  if (!/^[A-Z]{2}$/.test(value)) throw new Error('a country is two capital letters, such as DE')
  return value
}
const currency = (value: string): string => {
  if (!Intl.supportedValuesOf('currency').includes(value))
    throw new Error('a currency is three capital letters of ISO 4217, such as EUR')
  return value
}
const webUrl = (value: string): string => {
  const url = URL.canParse(value) ? new URL(value) : undefined
  if (!url || !/^https?:$/.test(url.protocol))
    throw new Error('it takes a URL, such as https://sms.example.org')
  return value.replace(/\/+$/, '')
}
/** Addresses and blocks of them, divided by commas. */
const networks = (value: string): readonly string[] => {
  const blocks = value
    .split(',')
    .map((block) => block.trim())
    .filter((block) => block !== '')
  for (const block of blocks) {
    const [address = '', bits, more] = block.split('/')
    const most = isIP(address) === 4 ? 32 : 128
    const fits = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most)
    if (isIP(address) === 0 || !fits || more !== undefined)
      throw new Error('it takes addresses and blocks of them, such as 10.1.0.0/16,192.0.2.7')
  }
  return blocks
}
const smppUrl = (value: string): string => {
  const url = URL.canParse(value) ? new URL(value) : undefined
  if (!url || !/^smpps?:$/.test(url.protocol) || !url.hostname || !url.username) {
    throw new Error('it takes smpp://system_id:password@host:port, or smpps:// for TLS')
  }
  return value
}
const bootstrapKey = (value: string): string => {
  if (!/^[A-Za-z0-9_-]{32,128}$/.test(value)) throw new Error('it takes 32 to 128 letters, digits, - and _')
  return value
}
const secret = (value: string): string => {
  if (value.length < 32) throw new Error('it takes 32 characters or more, at random')
  return value
}
const optional =
  <T>(parse: (value: string) => T) =>
  (value: string): T | undefined =>
    value === '' ? undefined : parse(value)

export const settings = {
  port: setting({
    env: 'KURZPOST_PORT',
    fallback: '7678',
    parse: port,
    help: 'Port of the HTTP API and the console. 0 takes any free one.',
  }),
  host: setting({
    env: 'KURZPOST_HOST',
    fallback: '127.0.0.1',
    parse: text,
    help: 'Address to listen on. 0.0.0.0 opens the API to the network; put TLS in front.',
  }),
  publicUrl: setting({
    env: 'KURZPOST_PUBLIC_URL',
    fallback: '',
    parse: optional(webUrl),
    help: 'Address under which others reach the server, for links. Default: host and port.',
  }),
  httpProxies: setting({
    env: 'KURZPOST_HTTP_PROXIES',
    fallback: '',
    parse: networks,
    help: 'Blocks of addresses of proxies in front of the HTTP API, divided by commas: their X-Forwarded-For and X-Forwarded-Proto say who asks, and whether by https.',
  }),
  roles: setting({
    env: 'KURZPOST_ROLES',
    fallback: 'api,carriers,jobs',
    parse: parseRoles,
    help: 'What this node does, divided by commas: api, carriers, jobs. Over all nodes each role is needed.',
  }),
  databaseUrl: setting({
    env: 'DATABASE_URL',
    fallback: '',
    parse: optional(text),
    secret: true,
    help: 'PostgreSQL to use; several servers of one cluster divided by commas, of which the one that writes is taken. Unset: the server runs its own in the data directory.',
  }),
  dataDir: setting({
    env: 'KURZPOST_DATA_DIR',
    fallback: '.kurzpost',
    parse: text,
    help: 'Folder for the embedded PostgreSQL and what the sandbox keeps.',
  }),
  sandbox: setting({
    env: 'KURZPOST_SANDBOX',
    fallback: 'off',
    parse: flag,
    help: 'Virtual handsets in place of a real network. Never on in production.',
  }),
  bootstrapKey: setting({
    env: 'KURZPOST_BOOTSTRAP_KEY',
    fallback: '',
    parse: optional(bootstrapKey),
    secret: true,
    help: 'API key of the first account, made at start if it is not there yet. For containers and tests.',
  }),
  secret: setting({
    env: 'KURZPOST_SECRET',
    fallback: '',
    parse: optional(secret),
    secret: true,
    help: 'Secret of the installation, 32 characters or more, the same on every node: signs links, and hashes the numbers of people who are erased. Unset: one is made and kept in the database. Never change it.',
  }),
  carrierUrl: setting({
    env: 'KURZPOST_CARRIER_URL',
    fallback: '',
    parse: optional(smppUrl),
    secret: true,
    help: 'The carrier: smpp://system_id:password@host:port, or smpps:// for TLS. The sandbox brings its own.',
  }),
  carrierWindow: setting({
    env: 'KURZPOST_CARRIER_WINDOW',
    fallback: '100',
    parse: count(1, 10_000),
    help: 'Unanswered submit_sm at a time on each bind of the carrier of KURZPOST_CARRIER_URL, when it is first made; then it is changed like that of any other.',
  }),
  carrierNetworks: setting({
    env: 'KURZPOST_CARRIER_NETWORKS',
    fallback: '',
    parse: networks,
    help: 'Blocks of addresses, divided by commas, where carriers of kind http may be besides public addresses: a gateway in your own network, also without TLS. Set it on every node.',
  }),
  simulatorSmppPort: setting({
    env: 'KURZPOST_SIMULATOR_SMPP_PORT',
    fallback: '2776',
    parse: port,
    help: 'Sandbox: SMPP port of the simulator.',
  }),
  simulatorHttpPort: setting({
    env: 'KURZPOST_SIMULATOR_HTTP_PORT',
    fallback: '2777',
    parse: port,
    help: 'Sandbox: handset interface of the simulator.',
  }),
  smppPort: setting({
    env: 'KURZPOST_SMPP_PORT',
    fallback: '',
    parse: optional(port),
    help: 'SMPP server for customers’ systems, usually on 2775. Unset: it is closed. Who may bind: `kurzpost login add`.',
  }),
  smppHost: setting({
    env: 'KURZPOST_SMPP_HOST',
    fallback: '127.0.0.1',
    parse: text,
    help: 'Address on which the SMPP server listens. 0.0.0.0 opens it to the network.',
  }),
  smppTlsPort: setting({
    env: 'KURZPOST_SMPP_TLS_PORT',
    fallback: '',
    parse: optional(port),
    help: 'The same over TLS 1.2 or later, usually on 3550; with the two files below.',
  }),
  smppTlsKey: setting({
    env: 'KURZPOST_SMPP_TLS_KEY',
    fallback: '',
    parse: optional(text),
    help: 'File of the private key, PEM.',
  }),
  smppTlsCert: setting({
    env: 'KURZPOST_SMPP_TLS_CERT',
    fallback: '',
    parse: optional(text),
    help: 'File of the certificate and those above it, PEM. Looked at every minute: a renewed one needs no restart.',
  }),
  smppProxies: setting({
    env: 'KURZPOST_SMPP_PROXIES',
    fallback: '',
    parse: networks,
    help: 'Blocks of addresses of load balancers, separated by commas. Then every connection has to begin with a PROXY header (v1 or v2).',
  }),
  smppKeepHours: setting({
    env: 'KURZPOST_SMPP_KEEP_HOURS',
    fallback: '72',
    parse: count(1, 720),
    help: 'How long receipts and inbound messages wait for a customer’s system that is away.',
  }),
  defaultSender: setting({
    env: 'KURZPOST_DEFAULT_SENDER',
    fallback: '',
    parse: optional(text),
    help: 'Sender of messages that name none. Unset: the carrier chooses.',
  }),
  openSenders: setting({
    env: 'KURZPOST_OPEN_SENDERS',
    fallback: 'none',
    parse: oneOf('none', 'names', 'all'),
    help: 'Which senders every account may use that were given to nobody: none (they are the first account’s, which operates the carriers), names such as Bakery, or all.',
  }),
  country: setting({
    env: 'KURZPOST_COUNTRY',
    fallback: 'DE',
    parse: country,
    help: 'Country of numbers written without a country code.',
  }),
  currency: setting({
    env: 'KURZPOST_CURRENCY',
    fallback: '',
    parse: optional(currency),
    help: 'Currency of the costs of routes, such as EUR: what is sent then shows an estimated price before, to everybody who may send. Unset: no prices are shown.',
  }),
  maxSegments: setting({
    env: 'KURZPOST_MAX_SEGMENTS',
    fallback: '10',
    parse: count(1, 255),
    help: 'Longest message, in segments.',
  }),
  maxWaiting: setting({
    env: 'KURZPOST_MAX_WAITING',
    fallback: '20000',
    parse: count(1, 1_000_000),
    help: 'Drafts that may wait for a commit before new ones are answered with 503.',
  }),
  orphanHours: setting({
    env: 'KURZPOST_ORPHAN_HOURS',
    fallback: '72',
    parse: count(1, 720),
    help: 'How long a receipt waits for a message that it fits.',
  }),
  uncertainSeconds: setting({
    env: 'KURZPOST_UNCERTAIN_SECONDS',
    fallback: '120',
    parse: count(0, 86_400),
    help: 'How long a transactional or conversation message of unknown fate waits for an answer before it is sent again, flagged.',
  }),
  reassemblyHours: setting({
    env: 'KURZPOST_REASSEMBLY_HOURS',
    fallback: '24',
    parse: count(1, 72),
    help: 'How long parts of a long inbound message wait for the missing ones.',
  }),
  tracePdus: setting({
    env: 'KURZPOST_TRACE_PDUS',
    fallback: 'on',
    parse: flag,
    help: 'Keep the bytes of each submit_sm for the message page.',
  }),
  otelEndpoint: setting({
    env: 'OTEL_EXPORTER_OTLP_ENDPOINT',
    fallback: '',
    parse: optional(webUrl),
    help: 'Where OpenTelemetry traces go, by OTLP over HTTP as JSON; /v1/traces is put behind it. Unset: no traces.',
  }),
  otelTracesEndpoint: setting({
    env: 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
    fallback: '',
    parse: optional(webUrl),
    help: 'The same, taken as it is.',
  }),
  otelHeaders: setting({
    env: 'OTEL_EXPORTER_OTLP_HEADERS',
    fallback: '',
    parse: optional(text),
    secret: true,
    help: 'Headers for the receiver of traces: name=value, divided by commas.',
  }),
  otelService: setting({
    env: 'OTEL_SERVICE_NAME',
    fallback: '',
    parse: optional(text),
    help: 'What traces call this server; kurzpost unless said.',
  }),
  otelResource: setting({
    env: 'OTEL_RESOURCE_ATTRIBUTES',
    fallback: '',
    parse: text,
    help: 'What else traces say of this server: name=value, divided by commas, such as deployment.environment.name=live.',
  }),
  otelSampler: setting({
    env: 'OTEL_TRACES_SAMPLER',
    fallback: 'parentbased_always_on',
    parse: oneOf(
      'always_on',
      'always_off',
      'traceidratio',
      'parentbased_always_on',
      'parentbased_always_off',
      'parentbased_traceidratio',
    ),
    help: 'Which traces are kept.',
  }),
  otelSamplerArg: setting({
    env: 'OTEL_TRACES_SAMPLER_ARG',
    fallback: '',
    parse: text,
    help: 'For traceidratio: the share, from 0 to 1.',
  }),
  otelDisabled: setting({
    env: 'OTEL_SDK_DISABLED',
    fallback: 'off',
    parse: flag,
    help: 'No traces, whatever else is set.',
  }),
  logLevel: setting({
    env: 'KURZPOST_LOG',
    fallback: 'info',
    parse: oneOf('debug', 'info', 'warn', 'error', 'silent'),
    help: 'Least level that is logged.',
  }),
} as const

type Settings = typeof settings
export type Config = { readonly [K in keyof Settings]: ReturnType<Settings[K]['parse']> }

/** Reads the environment. Throws one error that lists every setting that is wrong, each with what would be right. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const problems: string[] = []
  const values: Record<string, unknown> = {}
  for (const [name, entry] of Object.entries(settings)) {
    const given = env[entry.env] ?? entry.fallback ?? ''
    try {
      values[name] = entry.parse(given)
    } catch (error) {
      const shown = 'secret' in entry && entry.secret ? 'its value' : `"${given}"`
      problems.push(`${entry.env}: ${shown} does not fit; ${(error as Error).message}.`)
    }
  }
  if (problems.length > 0) throw new Error(problems.join('\n'))
  return values as Config
}
