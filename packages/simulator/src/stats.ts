/** What the simulator counts since it started or was emptied. `GET /health` shows it; tests compare it. */
export interface Stats {
  /** submit_sm that came in, whatever became of them. */
  submit_sm: number
  accepted: number
  rejected: number
  throttled: number
  /** Texts that reached a handset whole. */
  messages: number
  /** Parts that a handset had already: sent twice on the wire. */
  duplicate_parts: number
  /** Long texts given up with parts missing, because too many were open or the same reference began again. */
  incomplete_dropped: number
  receipts_acknowledged: number
  /** Texts from handsets, in deliver_sm: one for each part. */
  mo_acknowledged: number
  /** deliver_sm that went out again after a refusal, a timeout or a cut link. */
  redelivered: number
  /** deliver_sm given up: too many waited or were to come, or it was refused too often. */
  deliver_dropped: number
}

export function createStats(): Stats {
  return {
    submit_sm: 0,
    accepted: 0,
    rejected: 0,
    throttled: 0,
    messages: 0,
    duplicate_parts: 0,
    incomplete_dropped: 0,
    receipts_acknowledged: 0,
    mo_acknowledged: 0,
    redelivered: 0,
    deliver_dropped: 0,
  }
}

export function resetStats(stats: Stats): void {
  Object.assign(stats, createStats())
}
