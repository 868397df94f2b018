import type { FieldsInput, PduOf, ResponsePdu } from '../pdu/commands.ts'
import { Status } from '../pdu/status.ts'
import type { Tlv } from '../pdu/tlv.ts'
import type { Written } from './output.ts'

export type SubmitFields = FieldsInput<'submit_sm'> & { tlvs?: readonly Tlv[] }

/** The answer to a submit_sm, whatever its status; a generic_nack counts as a refusal. */
export interface Submitted {
  readonly status: number
  readonly message_id: string
  /** What went over the wire. */
  readonly request: Buffer
  readonly answer: PduOf<'submit_sm_resp'> | PduOf<'generic_nack'>
}

/** A class for its getter: few callers look at the octets, and a view of them costs as much as the rest of the object. */
class Submission implements Submitted {
  readonly status: number
  readonly message_id: string
  readonly answer: Submitted['answer']
  readonly #written: Written

  constructor(answer: Submitted['answer'], written: Written) {
    const taken = answer.command === 'submit_sm_resp'
    this.status = taken || answer.status !== 0 ? answer.status : Status.systemError
    this.message_id = taken ? answer.message_id : ''
    this.answer = answer
    this.#written = written
  }

  get request(): Buffer {
    const { slab, from, to } = this.#written
    return slab.subarray(from, to)
  }
}

/** What a submit_sm that was `written` resolves with. */
export const submitted = (answer: ResponsePdu, written: Written): Submitted =>
  new Submission(answer as Submitted['answer'], written)
