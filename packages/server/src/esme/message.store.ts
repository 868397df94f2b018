import type { State } from '../message/state.ts'
import { statement, type Tx } from '../store/db.ts'
import type { Origin } from './submission.ts'

/** What a receipt needs of its message. */
export interface Submitted {
  account_id: string
  id: string
  origin: Origin
  created_at: Date
  segments: number
  body: string
}

const selectSubmitted = statement(
  'select_submitted_by_smpp',
  // By key, and nothing of the message is read when it came by another door.
  `select m.* from json_to_recordset($1) as d(account_id uuid, id uuid) cross join lateral (
     select m.account_id, m.id, m.origin, m.created_at, m.segments, left(m.body, 20) as body from messages m
     where m.account_id = d.account_id and m.id = d.id and m.origin is not null limit 1) m`,
)

/** Those of the messages that came by SMPP. */
export async function submittedBySmpp(
  tx: Tx,
  keys: readonly { account_id: string; id: string }[],
): Promise<Submitted[]> {
  return keys.length === 0 ? [] : tx.query<Submitted>(selectSubmitted, [JSON.stringify(keys)])
}

/** A message as query_sm and its kin see it. */
export interface Asked {
  origin: Origin
  state: State
  error_code: string | null
  carrier_code: string | null
  final_at: Date | null
  send_at: Date | null
  expires_at: Date
}

const selectAsked = statement(
  'select_asked_by_smpp',
  `select m.* from json_to_recordset($1) as d(account_id uuid, id uuid) cross join lateral (
     select m.id, m.origin, m.state, m.error_code, m.carrier_code, m.final_at, m.send_at, m.expires_at from messages m
     where m.account_id = d.account_id and m.id = d.id and m.origin is not null limit 1) m`,
)

/** Those of the messages that came by SMPP. */
export const askedBySmpp = (
  tx: Tx,
  keys: readonly { account_id: string; id: string }[],
): Promise<(Asked & { id: string })[]> => tx.query(selectAsked, [JSON.stringify(keys)])
