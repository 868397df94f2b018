/** A carrier that the curl line of an empty page makes: it works against the simulator that `kurzpost simulate` starts. */
export const exampleCarrier = {
  name: 'simulator',
  kind: 'smpp',
  settings: { hosts: [{ host: '127.0.0.1', port: 2775 }], system_id: 'kurzpost' },
  secrets: { password: 'secret' },
}
