/** What tests of programs built on this package need. */
export { createManualTime, type ManualTime } from './testing/manual-time.ts'
