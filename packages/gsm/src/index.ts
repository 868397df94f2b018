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
export {
  concatElement,
  type ElementSource,
  elementIds,
  elementName,
  indicationElement,
  portsElement,
  replyAddressElement,
  shiftElements,
  smscControlElement,
  sourceElement,
} from './elements.ts'
export { GsmError, type GsmErrorCode, gsmErrors } from './errors.ts'
export { type FrameOptions, segmentCapacity } from './frame.ts'
export {
  type Concat,
  encodeHeader,
  type HeaderElement,
  type Indication,
  type Ports,
  type ReplyAddress,
  type SmscControl,
  type UserDataHeader,
  type UserDataProblem,
  userDataProblems,
} from './header.ts'
export { type Language, languageIds, languages, type Shifts } from './languages/language.ts'
export {
  type Encoding,
  type OctetSegment,
  type Segment,
  type Segmentation,
  type SegmentOptions,
  segmentOctets,
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
