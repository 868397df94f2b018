/** Carriers that the curl lines of the pages make. The first works against the simulator that `kurzpost simulate` starts. */
export const exampleCarriers: Record<string, object> = {
  smpp: {
    name: 'simulator',
    kind: 'smpp',
    settings: { hosts: [{ host: '127.0.0.1', port: 2775 }], system_id: 'kurzpost' },
    secrets: { password: 'secret' },
  },
  http: {
    name: 'twilio',
    kind: 'http',
    profile: 'twilio',
    settings: {},
    secrets: { account_sid: 'AC…', auth_token: '…', callback_token: 'sixteen-characters-or-more' },
  },
}

/** What the settings of an HTTP carrier look like, for somebody who has no profile. */
export const exampleTemplate = JSON.stringify(
  {
    request: {
      method: 'POST',
      url: 'https://api.example.com/sms',
      json: { to: '{{to}}', from: '{{from}}', text: '{{text}}' },
    },
    auth: { type: 'bearer', token: '{{secret.token}}' },
    answer: { id: { pointer: '/id' } },
  },
  null,
  2,
)
