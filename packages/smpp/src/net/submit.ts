import { SmppError } from '../errors.ts'
import type { FieldsInput, PduOf } from '../pdu/commands.ts'
import { Status } from '../pdu/status.ts'
import type { Tlv } from '../pdu/tlv.ts'
import type { Link, RequestOptions } from './link.ts'

export type SubmitFields = FieldsInput<'submit_sm'> & { tlvs?: readonly Tlv[] }

/** The answer to a submit_sm, whatever its status; `request` is what went over the wire. */
export interface Submitted {
  status: number
  message_id: string
  request: Buffer
  answer: PduOf<'submit_sm_resp'> | PduOf<'generic_nack'>
}

/** Sends a submit_sm over the link that there is and reads its answer; a generic_nack counts as a refusal. */
export async function submitOver(
  link: Link | undefined,
  fields: SubmitFields,
  options: Pick<RequestOptions, 'signal' | 'timeoutMs'> = {},
): Promise<Submitted> {
  if (link === undefined) throw new SmppError('not_bound')
  let octets!: Buffer
  const answer = await link.request(
    { ...fields, command: 'submit_sm' },
    {
      ...options,
      onOctets: (written) => {
        octets = written
      },
    },
  )
  const refused = answer.command !== 'submit_sm_resp'
  return {
    status: refused && answer.status === 0 ? Status.systemError : answer.status,
    message_id: refused ? '' : answer.message_id,
    request: octets,
    answer,
  }
}
