import { type ProfileName, profiles } from './profiles.ts'

/** What a person reads when the simulator is up; a program reads a line of JSON. */
export function greeting(
  ports: { readonly smppPort: number; readonly httpPort: number },
  profile: ProfileName = 'healthy',
): string {
  const http = `http://127.0.0.1:${ports.httpPort}`
  return [
    `SMSC      127.0.0.1:${ports.smppPort}; any system_id and password may bind unless you have named some`,
    `profile   ${profile}: ${profiles[profile].what}`,
    `handsets  curl ${http}/handsets/+4915112345678/messages`,
    `change    curl ${http}/settings -X PATCH -H 'content-type: application/json' -d '{"profile": "flaky"}'`,
    'Ctrl-C ends it.',
  ].join('\n')
}
