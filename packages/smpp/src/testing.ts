/** What tests of programs built on this package need. */
/** A certificate for localhost, and its key that is no secret. */
export { certificate, key } from './testing/certificate.ts'
export { createManualTime, type ManualTime } from './testing/manual-time.ts'
