import type { BindState, CarrierState, Mode } from '../api/operate-types.ts'

/** The words of the carriers' pages, in English. */
export const carriers = {
  title: 'Carriers',
  lead: 'The connections over which messages leave: SMPP links and the HTTP APIs of providers.',
  add: 'Add a carrier',
  emptyTitle: 'No carrier yet',
  empty: 'A carrier takes messages into a network. Without one, what you send waits in the queue.',
  columns: {
    name: 'Carrier',
    state: 'State',
    binds: 'Binds',
    rate: 'Segments/s',
    window: 'On the wire',
    answers: 'Answers within, 50% / 99%',
    errors: 'Errors of late',
    queued: 'Waiting',
    actions: 'Change',
  },
  bindsUp: (up: string, of: string) => `${up} of ${of}`,
  partOf: (used: string, size: string) => `${used} of ${size}`,
  edit: 'Change',
  editName: (name: string) => `Change ${name}`,
  find: 'Find a carrier, address or state',
  noErrors: 'none',
  kinds: { smpp: 'SMPP', http: 'HTTP' } as Record<string, string>,

  states: {
    up: 'up',
    degraded: 'partly up',
    down: 'down',
    paused: 'paused',
    drained: 'drained',
  } satisfies Record<CarrierState, string>,
  bindStates: {
    bound: 'bound',
    binding: 'binding',
    open: 'resting',
    down: 'down',
  } satisfies Record<BindState, string>,

  sentence: {
    up: (name: string, _up: string, of: string) =>
      of === '1' ? `${name} is up.` : `${name} is up, with all ${of} binds.`,
    degraded: (name: string, up: string, of: string) =>
      up === of ? `${name} is up, but not well.` : `${name} runs on ${up} of ${of} binds.`,
    down: (name: string, _up: string, _of: string) => `${name} is down.`,
    paused: (name: string, _up: string, _of: string) => `${name} is paused.`,
    drained: (name: string, _up: string, _of: string) => `${name} is drained.`,
  } satisfies Record<CarrierState, (name: string, up: string, of: string) => string>,
  next: {
    up: 'Nothing to do.',
    degraded:
      'Messages go out over the binds that are left. The others are tried again by themselves; if they stay away, look at their last error below.',
    down: 'Messages with another way take that one; the others wait. It is tried again by itself. If it stays down, check host, system id and password, and ask the carrier.',
    paused:
      'Its links are up; receipts and replies come in, and nothing new goes out over it. Resume it when it shall send again.',
    drained: 'It is unbound, so neither receipts nor replies come in. Resume it when it shall work again.',
  } satisfies Record<CarrierState, string>,
  /** By the code of its health, where that says more than the state. */
  nextByCode: {
    circuit_open:
      'Too much of what it was sent failed, so it is given a rest and then tried with a little. Messages with another way take that one. Look at its errors below.',
    not_held:
      'No node holds its links. Is one running that may (role carriers)? A carrier that was just added is taken within seconds.',
    unknown_kind: 'This version does not know its kind. Start the version that made it.',
  } as Record<string, string>,
  since: (when: string) => `Since ${when}.`,
  lastError: (sentence: string, when: string) => `Last error, ${when}: ${sentence}`,

  modes: { active: 'Resume', paused: 'Pause', drained: 'Drain' } satisfies Record<Mode, string>,
  consequence: {
    active: () => 'It binds where it is unbound, and takes messages again at once.',
    paused: (queued: string) =>
      `Nothing new goes out over it. The links stay up, so receipts and replies still come in. Messages that have another way take it; ${queued} wait for this carrier now.`,
    drained: (queued: string) =>
      `What is on the wire is finished, then all binds are closed: no receipts and no replies come in until you resume it. Messages that have another way take it; ${queued} wait for this carrier now.`,
  } satisfies Record<Mode, (queued: string) => string>,
  confirmMode: {
    active: (name: string) => `Resume ${name}`,
    paused: (name: string) => `Pause ${name}`,
    drained: (name: string) => `Drain ${name}`,
  } satisfies Record<Mode, (name: string) => string>,
  keep: 'Leave it',

  remove: 'Remove',
  removeTitle: (name: string) => `Remove ${name}`,
  removeText:
    'Its binds are closed and its routes are deleted. Messages that were sent over it stay, but receipts that are still to come have nowhere to arrive. This cannot be undone.',
  removeAnyway: 'Remove it all the same',
  removeBusy:
    'It still has messages on the wire, or is the only way of queued ones. Drain it first; or remove it all the same: what is on the wire becomes uncertain, and the queued messages wait for another route.',
  removeConfig:
    'This carrier comes from the configuration (KURZPOST_CARRIER_URL, or the sandbox) and is made again at each start, so it cannot be removed here. Pause or drain it.',

  charts: 'The last minutes',
  chartsNote: 'Measured while this console is open.',
  chartRate: 'Rate',
  chartAnswers: 'Answer time',
  perSecond: 'segments/s',
  limit: 'Limit',
  p50: 'Half are faster (p50)',
  p99: '99 of 100 are faster (p99)',

  binds: 'Binds',
  bindsNone: 'No bind is open.',
  bind: {
    slot: 'Bind',
    state: 'State',
    node: 'Node',
    host: 'Host',
    since: 'Since',
    rate: 'Segments/s',
    window: 'On the wire',
    answers: 'Answers within, 50% / 99%',
    error: 'Last error',
  },
  bindName: (slot: string, type: string) => `${slot} · ${type}`,
  bindTypes: {
    transceiver: 'both ways',
    transmitter: 'sends',
    receiver: 'receives',
    http: 'HTTP',
  } as Record<string, string>,
  nodeName: (number: string) => `Node ${number}`,
  nobody: 'nobody yet',

  learned: 'What was learned',
  learnedNote:
    'What the carrier has shown of itself. Pin a value to make it a setting: then it holds, whatever comes.',
  learnedNone: 'Nothing yet. It comes with the first answers and receipts.',
  pin: 'Pin',
  pinName: (what: string) => `Pin ${what}`,
  pinned: 'pinned',
  notCertain: 'not certain yet',
  seen: (count: number, shown: string) => (count === 1 ? 'from 1 receipt' : `from ${shown} receipts`),

  errors: 'Errors of late',
  errorsNone: 'None.',
  errorColumns: { code: 'Code', meaning: 'What it means', count: 'How often' },

  routes: 'Its routes',
  routesNone: 'No route leads here, so nothing goes out over it.',
  routesAll: 'All routes',

  json: 'As the API shows it',
  jsonLabel: 'The carrier as JSON',
  call: 'The call for this page',
  notFound: 'There is no carrier with this id.',
  notFoundHint: 'It may have been removed.',

  addTitle: 'Add a carrier',
  addLead: 'Ask the provider for host, system id and password. Everything else has a sensible default.',
  catchAll: 'Offer it to all messages',
  catchAllHint: 'Makes a route without conditions. Off: it takes nothing until you make a route.',
}
