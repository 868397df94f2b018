import { type Failure, type PduOf, type ResponseFields, Status, statusCode } from '@kurzpost/smpp'
import type { Clock } from '../clock.ts'
import type { MessageCore } from '../message/core.ts'
import type { Accepted, Refused } from '../message/draft.ts'
import type { Address } from './address.ts'
import type { Admission } from './admission.ts'
import type { Joiner } from './joiner.ts'
import type { Login } from './login.store.ts'
import { statusOf, statusOfCode, statusOfError } from './refusals.ts'
import { destOf, draftFor, readSubmission } from './submission.ts'

/** Destinations of one submit_multi. [SMPP 3.4 §4.5.1] */
const mostDestinations = 254

/** Characters of a part by sar_*, which is to be one segment: ten times what fits. */
const longestPart = 1_600

export interface Submitting {
  submit(login: Login, pdu: PduOf<'submit_sm'> | PduOf<'data_sm'>): Answer
  submitMulti(login: Login, pdu: PduOf<'submit_multi'>): Answer
}
type Answer = ResponseFields | Promise<ResponseFields>

/** submit_sm, data_sm and submit_multi. An answer without an error comes after the commit. */
export function createSubmitting(options: {
  clock: Clock
  accept: MessageCore['accept']
  joiner: Joiner
  admission: Admission
}): Submitting {
  const { clock, accept, joiner, admission } = options

  /** Every way out frees the place among what is under way, and gives a status. */
  function guarded(work: () => Promise<ResponseFields>): Promise<ResponseFields> {
    const done = admission.begin()
    return work().then(
      (fields) => {
        done()
        return fields
      },
      (error) => {
        done()
        return { status: statusOfError(error) }
      },
    )
  }

  return {
    submit(login, pdu) {
      const refused = admission.refuse(login)
      if (refused) return { status: refused.status }
      const submission = readSubmission(pdu, login, clock.now())
      if ('status' in submission) return { status: submission.status }
      const draft = draftFor(submission, destOf(pdu))
      const { place } = submission
      // Said of the part that has it: it would be said of the whole when the others have been taken.
      if (place && draft.text.length > longestPart) return { status: statusOfCode('text_too_long') }
      if (place && draft.text.includes('\0')) return { status: statusOfCode('text_malformed') }
      if (place)
        return guarded(async () => {
          const answer = await joiner.push(login.account_id, draft, place)
          return 'id' in answer ? { message_id: answer.id } : { status: statusOfCode(answer.code) }
        })
      return guarded(async () => {
        const [answer] = await accept(login.account_id, [draft])
        if (!answer!.ok) return { status: statusOfCode(answer!.code) }
        admission.charge(login, answer!.segments)
        return { message_id: answer!.id }
      })
    },

    submitMulti(login, pdu) {
      const refused = admission.refuse(login)
      if (refused) return { status: refused.status }
      const submission = readSubmission(pdu, login, clock.now())
      if ('status' in submission) return { status: submission.status }
      if (submission.place) return { status: statusOf('parts_to_many') }
      const wanted = pdu.dest_addresses
      if (wanted.length === 0 || wanted.length > mostDestinations) return { status: statusOf('destinations') }
      const lists = wanted.flatMap((each) => ('dl_name' in each ? [failureOfList(each.dl_name)] : []))
      const addresses = wanted.flatMap((each) => ('dl_name' in each ? [] : [destOf(each)]))
      return guarded(async () => {
        const drafts = addresses.map((dest) => draftFor(submission, dest))
        const answers = drafts.length > 0 ? await accept(login.account_id, drafts) : []
        const taken = answers.filter((answer): answer is Accepted => answer.ok)
        admission.charge(
          login,
          taken.reduce((sum, { segments }) => sum + segments, 0),
        )
        const failures = [...lists, ...failuresOf(addresses, answers)]
        // The others have ids of their own, which their receipts name.
        const [first] = taken
        return {
          status: first ? Status.ok : (failures[0]?.error_status_code ?? statusCode('ESME_RSUBMITFAIL')),
          message_id: first?.id,
          unsuccess_smes: failures,
        }
      })
    },
  }
}

const failuresOf = (addresses: readonly Address[], answers: readonly (Accepted | Refused)[]): Failure[] =>
  answers.flatMap((answer, at) => {
    if (answer.ok) return []
    const [dest_addr_ton, dest_addr_npi, destination_addr] = addresses[at]!
    return [{ dest_addr_ton, dest_addr_npi, destination_addr, error_status_code: statusOfCode(answer.code) }]
  })

/** We keep no lists for ESMEs. */
const failureOfList = (name: string): Failure => ({
  dest_addr_ton: 0,
  dest_addr_npi: 0,
  destination_addr: name.slice(0, 20),
  error_status_code: statusOf('list'),
})
