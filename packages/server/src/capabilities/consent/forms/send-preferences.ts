import { KurzpostError } from '../../../errors.ts'
import type { Platform } from '../../../platform.ts'
import type { Tx } from '../../../store/db.ts'
import { readSettings } from '../settings.store.ts'
import { preferencesText, signUpLanguage } from './sign-up-texts.ts'

/** Sends a link to one's preferences to the phone that it is for. Returns the public id of the message. */
export async function sendPreferences(
  platform: Platform,
  tx: Tx,
  options: {
    accountId: string
    number: string
    link: { url: string; expiresAt: Date }
    language: string
    sender: string | null
  },
): Promise<string> {
  const { accountId, number, link, sender } = options
  const settings = (await readSettings(tx, [accountId])).get(accountId)!
  const language = signUpLanguage(options.language)
  const text = preferencesText(language, {
    name: settings.display_name ?? settings.name,
    link: link.url,
    until: link.expiresAt.toISOString().slice(0, 10),
  })
  const [sent] = await platform.send(
    accountId,
    [{ to: number, text, lane: 'transactional', ...(sender && { from: sender }) }],
    tx,
  )
  if (!sent?.ok) throw new KurzpostError('consent_sign_up_failed', { details: { code: sent?.code } })
  return sent.id
}
