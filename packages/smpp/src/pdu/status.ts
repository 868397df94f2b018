/** command_status codes with a sentence each. [SMPP 3.4 §5.1.3, 5.0 §4.7.6] */
const table = [
  [0x00000000, 'ESME_ROK', 'No error.'],
  [0x00000001, 'ESME_RINVMSGLEN', 'The message length is invalid.'],
  [0x00000002, 'ESME_RINVCMDLEN', 'The command length is invalid.'],
  [0x00000003, 'ESME_RINVCMDID', 'The command is unknown or not supported.'],
  [0x00000004, 'ESME_RINVBNDSTS', 'The session is not bound for this command.'],
  [0x00000005, 'ESME_RALYBND', 'The session or account is already bound.'],
  [0x00000006, 'ESME_RINVPRTFLG', 'The priority flag is invalid.'],
  [0x00000007, 'ESME_RINVREGDLVFLG', 'The registered delivery flag is invalid.'],
  [0x00000008, 'ESME_RSYSERR', 'The peer had a system error.'],
  [0x0000000a, 'ESME_RINVSRCADR', 'The source address is invalid.'],
  [0x0000000b, 'ESME_RINVDSTADR', 'The destination address is invalid.'],
  [0x0000000c, 'ESME_RINVMSGID', 'The message id is invalid or unknown.'],
  [0x0000000d, 'ESME_RBINDFAIL', 'The bind failed.'],
  [0x0000000e, 'ESME_RINVPASWD', 'The password is wrong.'],
  [0x0000000f, 'ESME_RINVSYSID', 'The system id is unknown.'],
  [0x00000011, 'ESME_RCANCELFAIL', 'The message could not be cancelled.'],
  [0x00000013, 'ESME_RREPLACEFAIL', 'The message could not be replaced.'],
  [0x00000014, 'ESME_RMSGQFUL', 'The message queue is full.'],
  [0x00000015, 'ESME_RINVSERTYP', 'The service type is invalid.'],
  [0x00000033, 'ESME_RINVNUMDESTS', 'The number of destinations is invalid.'],
  [0x00000034, 'ESME_RINVDLNAME', 'The distribution list is unknown.'],
  [0x00000040, 'ESME_RINVDESTFLAG', 'The destination flag is invalid.'],
  [0x00000042, 'ESME_RINVSUBREP', 'Submit with replace is not possible.'],
  [0x00000043, 'ESME_RINVESMCLASS', 'The esm_class is invalid.'],
  [0x00000044, 'ESME_RCNTSUBDL', 'Submitting to a distribution list is not possible.'],
  [0x00000045, 'ESME_RSUBMITFAIL', 'The submission failed.'],
  [0x00000048, 'ESME_RINVSRCTON', 'The type of number of the source is invalid.'],
  [0x00000049, 'ESME_RINVSRCNPI', 'The numbering plan of the source is invalid.'],
  [0x00000050, 'ESME_RINVDSTTON', 'The type of number of the destination is invalid.'],
  [0x00000051, 'ESME_RINVDSTNPI', 'The numbering plan of the destination is invalid.'],
  [0x00000053, 'ESME_RINVSYSTYP', 'The system type is invalid.'],
  [0x00000054, 'ESME_RINVREPFLAG', 'The replace_if_present flag is invalid.'],
  [0x00000055, 'ESME_RINVNUMMSGS', 'The number of messages is invalid.'],
  [0x00000058, 'ESME_RTHROTTLED', 'Too many messages in too short a time.'],
  [0x00000061, 'ESME_RINVSCHED', 'The scheduled delivery time is invalid.'],
  [0x00000062, 'ESME_RINVEXPIRY', 'The validity period is invalid.'],
  [0x00000063, 'ESME_RINVDFTMSGID', 'The predefined message is unknown.'],
  [0x00000064, 'ESME_RX_T_APPN', 'The receiver has a temporary error: send again later.'],
  [0x00000065, 'ESME_RX_P_APPN', 'The receiver has a permanent error.'],
  [0x00000066, 'ESME_RX_R_APPN', 'The receiver refuses the message.'],
  [0x00000067, 'ESME_RQUERYFAIL', 'The query failed.'],
  [0x000000c0, 'ESME_RINVTLVSTREAM', 'The optional parameters are broken.'],
  [0x000000c1, 'ESME_RTLVNOTALLWD', 'An optional parameter is not allowed here.'],
  [0x000000c2, 'ESME_RINVTLVLEN', 'An optional parameter has an invalid length.'],
  [0x000000c3, 'ESME_RMISSINGTLV', 'An expected optional parameter is missing.'],
  [0x000000c4, 'ESME_RINVTLVVAL', 'An optional parameter has an invalid value.'],
  [0x000000fe, 'ESME_RDELIVERYFAILURE', 'The delivery failed.'],
  [0x000000ff, 'ESME_RUNKNOWNERR', 'Unknown error.'],
  [0x00000100, 'ESME_RSERTYPUNAUTH', 'The service type is not authorised.'],
  [0x00000101, 'ESME_RPROHIBITED', 'The operation is prohibited.'],
  [0x00000102, 'ESME_RSERTYPUNAVAIL', 'The service type is unavailable.'],
  [0x00000103, 'ESME_RSERTYPDENIED', 'The service type is denied.'],
  [0x00000104, 'ESME_RINVDCS', 'The data coding is invalid.'],
  [0x00000105, 'ESME_RINVSRCADDRSUBUNIT', 'The source address subunit is invalid.'],
  [0x00000106, 'ESME_RINVDSTADDRSUBUNIT', 'The destination address subunit is invalid.'],
  [0x00000107, 'ESME_RINVBCASTFREQINT', 'The broadcast frequency interval is invalid.'],
  [0x00000108, 'ESME_RINVBCASTALIAS_NAME', 'The broadcast alias name is invalid.'],
  [0x00000109, 'ESME_RINVBCASTAREAFMT', 'The broadcast area format is invalid.'],
  [0x0000010a, 'ESME_RINVNUMBCAST_AREAS', 'The number of broadcast areas is invalid.'],
  [0x0000010b, 'ESME_RINVBCASTCNTTYPE', 'The broadcast content type is invalid.'],
  [0x0000010c, 'ESME_RINVBCASTMSGCLASS', 'The broadcast message class is invalid.'],
  [0x0000010d, 'ESME_RBCASTFAIL', 'The broadcast failed.'],
  [0x0000010e, 'ESME_RBCASTQUERYFAIL', 'The broadcast query failed.'],
  [0x0000010f, 'ESME_RBCASTCANCELFAIL', 'The broadcast could not be cancelled.'],
  [0x00000110, 'ESME_RINVBCAST_REP', 'The number of broadcast repetitions is invalid.'],
  [0x00000111, 'ESME_RINVBCASTSRVGRP', 'The broadcast service group is invalid.'],
  [0x00000112, 'ESME_RINVBCASTCHANIND', 'The broadcast channel indicator is invalid.'],
] as const satisfies readonly (readonly [code: number, name: string, sentence: string])[]

/** The names that the specification gives to command_status codes. */
export type StatusName = (typeof table)[number][1]

const names = new Map<number, string>(table.map(([code, name]) => [code, name]))
const codes = new Map<string, number>(table.map(([code, name]) => [name, code]))
const sentences = new Map<number, string>(table.map(([code, , sentence]) => [code, sentence]))

/** The codes this package itself sends, by the name of the specification. */
export const Status = {
  ok: 0x00,
  invalidMessageLength: 0x01,
  invalidCommandLength: 0x02,
  invalidCommandId: 0x03,
  invalidBindStatus: 0x04,
  alreadyBound: 0x05,
  systemError: 0x08,
  bindFailed: 0x0d,
  invalidPassword: 0x0e,
  invalidSystemId: 0x0f,
  queueFull: 0x14,
  invalidDestinationCount: 0x33,
  throttled: 0x58,
  receiverTemporary: 0x64,
} as const

/** `statusName(0x58)` is 'ESME_RTHROTTLED'; a code outside the tables is given in hex, e.g. '0x00000401'. */
export const statusName = (code: number): string =>
  names.get(code) ?? `0x${(code >>> 0).toString(16).padStart(8, '0')}`

/** The code of a name: `statusCode('ESME_RTHROTTLED')` is 0x58. */
export const statusCode = (name: StatusName): number => codes.get(name)!

/** What the code means, in a sentence. 0x400 to 0x4FF belong to the vendor of the SMSC. */
export const statusSentence = (code: number): string =>
  sentences.get(code) ??
  (code >= 0x400 && code <= 0x4ff
    ? 'An error that the vendor of the SMSC defines.'
    : 'An error that the specification does not define.')
