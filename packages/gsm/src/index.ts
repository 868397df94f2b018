export { decodeGsm7, encodeGsm7, septetLength } from './alphabet.ts'
export { analyzeText, type Offender } from './analyze.ts'
export { countSegments, type SegmentCount } from './count.ts'
export {
  type Charset,
  type DataCoding,
  type DataCodingGroup,
  dataCodingFor,
  type MessageClass,
  readDataCoding,
  type Waiting,
} from './dcs.ts'
export {
  alphabetOfProbe,
  type DecodedUserData,
  type DecodeOptions,
  type DecodeUserDataOptions,
  decodeText,
  decodeUserData,
} from './decode.ts'
export {
  type Concat,
  concatElement,
  type ElementSource,
  elementIds,
  elementName,
  type HeaderElement,
  type Indication,
  indicationElement,
  type Ports,
  portsElement,
  type ReplyAddress,
  replyAddressElement,
  type SmscControl,
  shiftElements,
  smscControlElement,
  sourceElement,
} from './elements.ts'
export { GsmError, type GsmErrorCode, gsmErrors } from './errors.ts'
export {
  createEstimator,
  type Estimate,
  type EstimateOptions,
  type Estimator,
  estimateSegments,
} from './estimate.ts'
export { type BoundsEstimate, estimateBounds, type ValueBounds } from './estimate-bounds.ts'
export {
  type CodingCost,
  type ExplainedCharacter,
  type Explanation,
  explainText,
  type Reason,
  reasons,
} from './explain.ts'
export { type FrameOptions, segmentCapacity } from './frame.ts'
export {
  encodeHeader,
  type UserDataHeader,
  type UserDataProblem,
  userDataProblems,
} from './header.ts'
export { type Language, languageIds, languages, type Shifts } from './languages/language.ts'
export { type ProtectedSpan, type ProtectOptions, protectedSpans } from './protect.ts'
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
export { type SmartEncoded, type SmartEncodeOptions, smartEncode } from './smart-encode.ts'
export { fillTemplate, parseTemplate, type TemplatePart, type TemplateValues } from './template.ts'
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
