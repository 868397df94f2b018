export type { Account, Accounts } from './door/accounts.ts'
export { type AddressList, createAddressList } from './door/address.ts'
export type { BindRequest } from './door/bind.ts'
export type { ClientCertificate } from './door/certificate.ts'
export type { LockoutOptions } from './door/lockout.ts'
export { passwordMatches } from './door/password.ts'
export { createProxyHeaderReader, type ProxyHeaderReader, type ProxyResult } from './door/proxy-header.ts'
export { SmppError, type SmppErrorCode, smppErrors } from './errors.ts'
export { createClient } from './net/client.ts'
export type {
  BindOptions,
  ClientOptions,
  ClientState,
  Peer,
  ReconnectOptions,
  SmppClient,
  StateDetail,
} from './net/client-options.ts'
export type { Handler, Note, RequestOptions, ResponseFields } from './net/link-options.ts'
export {
  createOutbindListener,
  type OutbindListener,
  type OutbindListenerOptions,
} from './net/outbind-listener.ts'
export {
  createPacedSubmitter,
  type PacedOptions,
  type PacedSubmitter,
  type Submitter,
} from './net/paced.ts'
export { createServer } from './net/server.ts'
export type {
  OutbindTarget,
  ServerNote,
  ServerOptions,
  ServerSession,
  SmppServer,
} from './net/server-options.ts'
export type { SubmitFields, Submitted } from './net/submit.ts'
export type { AlertFields, AnswerTo, Sendable, Verbs } from './net/verbs.ts'
export type { Phase } from './pacing/control.ts'
export {
  type Answer,
  createPacer,
  type Pacer,
  type PacerOptions,
  type PacerSnapshot,
} from './pacing/pacer.ts'
export {
  type CommandName,
  commands,
  type FieldsInput,
  type FieldsOf,
  type Pdu,
  type PduInput,
  type PduInputOf,
  type PduOf,
  type RequestName,
  type RequestPdu,
  type ResponseName,
  type ResponsePdu,
} from './pdu/commands.ts'
export { type Decoded, decodePdu, type Header } from './pdu/decode.ts'
export { createDecoder, type Decoder } from './pdu/decoder.ts'
export { type EncodeOptions, encodePdu } from './pdu/encode.ts'
export {
  type EsmClass,
  type MessageMode,
  type MessageType,
  readEsmClass,
  writeEsmClass,
} from './pdu/esm-class.ts'
export type { Destination, Failure } from './pdu/fields.ts'
export { missingTlvs } from './pdu/layout.ts'
export { type IdRelation, messageIdKey, messageIdKeys } from './pdu/message-id.ts'
export {
  createIdMatcher,
  type IdBase,
  type IdMatcher,
  type IdSample,
  learnIdBase,
} from './pdu/message-id-base.ts'
export { parseReceipt, type Receipt, type ReceiptDialect } from './pdu/receipt.ts'
export { dateOf, type ReceiptZone } from './pdu/receipt-date.ts'
export type { ReceiptState } from './pdu/receipt-state.ts'
export {
  type RegisteredDelivery,
  readRegisteredDelivery,
  writeRegisteredDelivery,
} from './pdu/registered-delivery.ts'
export {
  formatAbsoluteTime,
  formatRelativeTime,
  longestRelativeSeconds,
  parseSmppTime,
  type SmppTime,
  type TimeSpan,
} from './pdu/smpp-time.ts'
export { Status, type StatusName, statusCode, statusName, statusSentence } from './pdu/status.ts'
export {
  createTlvDictionary,
  findTlv,
  readTlv,
  readTlvs,
  type Tlv,
  type TlvDictionary,
  type TlvName,
  type TlvTable,
  type TlvValue,
  tlv,
  tlvName,
} from './pdu/tlv.ts'
export type {
  BroadcastContentType,
  BroadcastFrequencyInterval,
  CallbackNumber,
  CallbackTag,
  Formatted,
  ItsSessionInfo,
  MsValidity,
  NetworkErrorCode,
  Subaddress,
  TlvKind,
} from './pdu/tlv-kinds.ts'
export { truncateBind } from './pdu/truncate.ts'
export {
  AddressSubunit,
  BroadcastAreaFormat,
  BroadcastNetwork,
  BroadcastUnit,
  DeliveryFailureReason,
  ErrorNetwork,
  Language,
  MessageState,
  MsAvailability,
  NetworkType,
  Npi,
  Privacy,
  Ton,
  UssdServiceOp,
  valueName,
} from './pdu/values.ts'
export { fitToVersion, negotiateVersion, type SmppVersion } from './pdu/version.ts'
export { type BindType, type CloseReason, closeReasons, type NoteKind } from './session/actions.ts'
export { systemTime, type Time } from './time.ts'
