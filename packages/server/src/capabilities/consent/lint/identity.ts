import { compact, normalise } from '../normalise.ts'
import type { Finding, HintCode } from './hints.ts'
import { invitesReply, namesOptOut } from './replies.ts'

export interface IdentityContext {
  text: string
  /** E.164, a short code or a name; null: not known yet. */
  sender: string | null
  /** ISO 3166-1 of the recipients; null: not known. */
  country: string | null
  kind: 'marketing' | 'service' | 'alert' | 'other'
  /** How the account is called; null: not known. */
  brand: string | null
}

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '))

/**
 * Countries where names as senders do not arrive, and where they must be registered: GOV.UK Notify's table of
 * destinations, as far as we have it, 2026-11.
 */
const unsupported = words('US CA ZA BE HU PE MX AR BR CL CO MY NZ KR CN IR BG MD HR TW LB UZ')
const registered = words('RU KZ EG RO AT ID PH SG TH VN TR IN MA TN NG ET UA RS ME CZ HK BD AE QA JO GE')
/** Where routes carry no marketing, from the same table. */
const noMarketing = words('DK IN RS RU')
/** Where each advert has to carry its way out. */
const optOutInEach = words('GB FR US')

const offers =
  /\b(rabatt\w*|gutschein\w*|angebot\w*|schnäppchen|ausverkauf|sonderpreis\w*|aktionscode|\d+ ?% (auf|off|de)|sale|discount\w*|voucher\w*|coupon\w*|special offer|promo\w*|soldes|remise|oferta\w*|descuento\w*|sconto|offerta)\b/iu

const anotherWay = /https?:\/\/|www\.|\b[\w-]{2,}\.[a-z]{2,}\/|(?<!\d)(\+|00)?\d[\d ()/-]{4,}\d|\b\d{5,6}\b/iu

const isName = (sender: string | null): sender is string => sender !== null && /[A-Za-z]/.test(sender)

/** Who writes, and how people get away: what is missing of it. */
export function identityFindings(context: IdentityContext): { code: HintCode; finding: Finding }[] {
  const { text, sender, country, kind, brand } = context
  const found: { code: HintCode; finding: Finding }[] = []
  const add = (code: HintCode, finding: Finding = {}) => found.push({ code, finding })
  const name = isName(sender)
  const advert = kind === 'marketing'

  if (name && invitesReply(text)) add('reply_impossible', { facts: { sender } })
  if (name && country && unsupported.has(country))
    add('alphanumeric_unsupported', { facts: { sender, country } })
  if (name && country && registered.has(country))
    add('alphanumeric_registered', { facts: { sender, country } })
  if (sender?.match(/^\+33[67]/)) add('mobile_sender_refused')
  if (advert && country && noMarketing.has(country)) add('marketing_not_carried', { facts: { country } })
  if (advert && name && !anotherWay.test(text)) add('no_way_out', { facts: { sender } })
  else if (advert && !namesOptOut(text) && !(name && anotherWay.test(text))) {
    if (country && optOutInEach.has(country)) add('opt_out_missing', { facts: { country } })
    else add('opt_out_advised')
  }
  if (advert && !name && !says(text, brand)) add('sender_unnamed', { facts: { brand: brand ?? '' } })
  const offer = kind === 'service' ? offers.exec(text) : null
  if (offer) {
    const [word] = offer
    add('advert_as_service', { from: offer.index, to: offer.index + word.length, facts: { word } })
  }
  return found
}

/** Whether a text names somebody; of an unknown name nobody can tell. */
function says(text: string, brand: string | null): boolean {
  if (brand === null) return true
  const name = compact(normalise(brand))
  return name === '' || compact(normalise(text)).includes(name)
}
