/**
 * `npm run bench`: what the house does from request to webhook. `npm run bench -- smpp`: the SMPP stack beside npm's `smpp`.
 * `npm run bench -- simulator`: what a message costs the simulator.
 * `lanes`: how long a code waits behind a backlog. `history`: whether history costs. `soak`: whether memory stays. `door`: the
 * full cycle by the SMPP door. `people`: imports, segments and audiences by the million. `gate`: what consent, hours and caps cost an advert. `inbound`: what phones write, with everybody asked whose it is. Each has a `--help` of its own.
 */
const benches = {
  house: async () => (await import('./whole.ts')).benchHouse,
  lanes: async () => (await import('./lanes.ts')).benchLanes,
  history: async () => (await import('./history.ts')).benchHistory,
  soak: async () => (await import('./soak.ts')).benchSoak,
  gate: async () => (await import('./gate.ts')).benchGate,
  inbound: async () => (await import('./inbound.ts')).benchInbound,
  people: async () => (await import('./people.ts')).benchPeople,
  door: async () => (await import('./door.ts')).benchDoor,
  simulator: async () => (await import('./simulator.ts')).benchSimulator,
  smpp: async () => (await import('./smpp/bench.ts')).benchSmpp,
} as const

const [word, ...rest] = process.argv.slice(2)
const named = word !== undefined && !word.startsWith('-')
const name = named ? word : 'house'
if (Object.hasOwn(benches, name)) {
  const bench = await benches[name as keyof typeof benches]()
  try {
    await bench(named ? rest : process.argv.slice(2))
  } catch (error) {
    console.error((error as Error).message)
    process.exitCode = 1
  }
} else {
  console.error(`There is no bench ${name}: ${Object.keys(benches).join(', ')}.`)
  process.exitCode = 1
}
