import type { CarrierSetup } from '../carriers/kinds.ts'
import { statement, type Tx } from '../store/db.ts'

export interface ReportingCarrier extends CarrierSetup {
  readonly account_id: string
}

/** Those that were taken out too: their providers still owe receipts. */
const one = statement(
  'reporting_carrier',
  'select id, account_id, kind, profile, settings, secrets, learned from carriers where id = $1',
)

export async function readReportingCarrier(tx: Tx, id: string): Promise<ReportingCarrier | undefined> {
  return (await tx.query<ReportingCarrier>(one, [id]))[0]
}
