export { decodeGsm7, encodeGsm7, septetLength } from './alphabet.ts'
export { analyzeText, type Offender } from './analyze.ts'
export {
  type Charset,
  type DataCoding,
  type DecodeOptions,
  dataCodingFor,
  decodeText,
  type MessageClass,
  readDataCoding,
} from './dcs.ts'
export { GsmError, type GsmErrorCode, gsmErrors } from './errors.ts'
export {
  type Concat,
  concatElement,
  elementIds,
  encodeHeader,
  type HeaderElement,
  type Ports,
  portsElement,
  type UserDataHeader,
  type UserDataProblem,
  userDataProblems,
} from './header.ts'
export { type ProtectedSpan, type ProtectOptions, protectedSpans } from './protect.ts'
export {
  type Encoding,
  type Segment,
  type Segmentation,
  type SegmentOptions,
  segmentCapacity,
  segmentText,
} from './segment.ts'
export { fillBitsAfter, packSeptets, unpackSeptets } from './septets.ts'
export {
  type Change,
  type TransliterateLevel,
  type TransliterateOptions,
  transliterate,
} from './transliterate.ts'
export { decodeUcs2, encodeUcs2 } from './ucs2.ts'
export {
  joinUserData,
  packUserData,
  parsePackedUserData,
  parseUserData,
  type UserData,
} from './userdata.ts'
