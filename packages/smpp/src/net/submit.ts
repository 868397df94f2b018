import type { FieldsInput, PduInput, ResponsePdu } from '../pdu/commands.ts'
import { Status } from '../pdu/status.ts'
import type { Tlv } from '../pdu/tlv.ts'
import type { RequestOptions } from './link.ts'

export type SubmitFields = FieldsInput<'submit_sm'> & { tlvs?: readonly Tlv[] }

/** The answer to a submit_sm, whatever its status; `request` is what went over the wire. */
export interface Submitted {
  status: number
  message_id: string
  request: Buffer
  answer: ResponsePdu
}

/** Sends a submit_sm over `request` and reads its answer; a generic_nack counts as a refusal. */
export async function submitOver(
  request: (pdu: PduInput, options: RequestOptions) => Promise<ResponsePdu>,
  fields: SubmitFields,
  options: { signal?: AbortSignal | undefined } = {},
): Promise<Submitted> {
  let octets!: Buffer
  const answer = await request(
    { ...fields, command: 'submit_sm' },
    {
      signal: options.signal,
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
