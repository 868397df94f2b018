import { globSync, readFileSync } from 'node:fs'
import { generatedFrom, page, table } from './markdown.ts'

/** What real SMSCs do, in the order and with the numbers that test titles use: `group 12: …`. */
const groups: readonly string[] = [
  'PDUs cut at every octet, and many in one read',
  'Impossible lengths in command_length',
  'HTTP, TLS, AMQP, RDP and half a header on the port',
  'Bodies of 64 KiB and more',
  'sm_length that says too much or too little',
  'A TLV that is longer than the PDU',
  'TLVs double, empty, unordered, with and without NUL',
  'Strings without NUL and strings longer than specified',
  'submit_sm_resp without body, without id, without NUL',
  'Error answers with and without body, and with TLVs',
  'deliver_sm_resp with an id, or without a body',
  'Unknown requests and unknown answers',
  'Vendor TLVs, and TLVs where they do not belong',
  'Versions: absent, odd, and older than TLVs',
  'data_sm, alert_notification, outbind, submit_multi, broadcasts',
  'Odd, wrapping and shared sequence numbers',
  'Answers out of order, double, late, of the wrong kind',
  'enquire_link before the bind, unanswered, refused; links that fall silent',
  'unbind inside the window, without an answer, and half-closed',
  'Refused binds, and coming back',
  'Bind answers late, missing, or with another system_id',
  'Receipts on another bind than the submit',
  'Limits on the number of binds',
  'TLS, client certificates, PROXY protocol',
  'Floods, and peers that read slowly',
  'Throttling: which statuses, at once or by delay',
  'Answers slower than the timeout',
  'Throttling in the middle of a long message',
  'A link lost with a full window',
  'query, cancel and replace that a carrier does not have',
  'Message ids in hex in one place and decimal in another',
  'Ids that differ between TLV and text',
  'A receipt before the answer to its submit',
  'Receipts for all parts, the first, the last',
  'Receipts unasked, double, intermediate, contradicting',
  'esm_class of receipts, and texts that only look like one',
  'Receipt texts',
  'network_error_code in octets and in digits',
  'Addresses of receipts swapped or spelled otherwise',
  'Ids used again after days',
  'Vendor TLVs on receipts, other ones at each carrier',
  'What data_coding 0 means',
  'Octet 0 inside a text',
  'The extension table, and characters that are in none',
  'data_coding values of GSM 03.38, classes, message waiting',
  'UCS-2: surrogates, odd octets, byte order',
  'User data headers in every order, and broken ones',
  'SAR, header and payload mixed',
  'Packed septets with fill bits',
  'Parts out of order, double, missing, over several binds',
  'Flash, SIM, silent, port-addressed messages',
  'Alphanumeric senders and short codes',
  'Validity and schedule times',
  'USSD sessions',
  'Clocks that jump, receipts in local time',
  'Many connections, idle binds, slow readers',
  'A database that is away',
]

/** The files whose tests carry each group's number. Throws for a group that none holds. */
export function interopPage(): string {
  const files = globSync('packages/*/src/**/*.test.ts', { exclude: ['**/node_modules/**'] })
    .map((path) => path.replaceAll('\\', '/'))
    .sort()
  const holders = new Map<number, string[]>()
  for (const file of files) {
    const numbers = [...readFileSync(file, 'utf8').matchAll(/['"`]group (\d+): /g)].map(([, n]) => Number(n))
    for (const number of new Set(numbers)) holders.set(number, [...(holders.get(number) ?? []), file])
  }
  const bare = groups.flatMap((_, index) => (holders.has(index + 1) ? [] : [index + 1]))
  if (bare.length > 0) throw new Error(`No test is named after interop group ${bare.join(', ')}.`)
  return page(
    generatedFrom('the titles of the tests'),
    '# What real SMSCs do',
    'Habits of carriers, gateways and phones that break stacks which trust the specification. Each has a number; the tests that hold us to it carry the number in their title, so that `npm test -- --test-name-pattern="group 31:"` runs what belongs to one.',
    table(
      ['', 'Habit', 'Held by'],
      groups.map((habit, index) => [
        String(index + 1),
        habit,
        (holders.get(index + 1) ?? []).map((file) => `[${label(file)}](../${file})`).join(', '),
      ]),
    ),
  )
}

const label = (file: string): string =>
  file
    .replace(/^packages\//, '')
    .replace(/\/src\//, '/')
    .replace(/\.test\.ts$/, '')
