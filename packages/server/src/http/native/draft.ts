import type { Static } from 'typebox'
import { KurzpostError } from '../../errors.ts'
import { parseId } from '../../ids.ts'
import type { Draft as CoreDraft } from '../../message/draft.ts'
import { compile, type Problem } from '../../validation.ts'
import { Draft } from './schemas.ts'

const validator = compile(Draft)

/** One entry as the core wants it, or what is wrong with it. */
export function readDraft(value: unknown): { draft: CoreDraft } | { problems: Problem[] } {
  if (!validator.check(value)) return { problems: validator.problems(value) }
  const { topic, to, text, from, lane, send_at, expires_at, client_ref, encoding } = value as Static<
    typeof Draft
  >
  const sendAt = send_at === undefined ? undefined : parseTime(send_at)
  const expiresAt = expires_at === undefined ? undefined : parseTime(expires_at)
  if (sendAt === null) return { problems: [{ field: 'send_at', problem: noTime }] }
  if (expiresAt === null) return { problems: [{ field: 'expires_at', problem: noTime }] }
  const topicId = topic === undefined ? undefined : parseId('topic', topic)
  if (topic !== undefined && topicId === undefined)
    return { problems: [{ field: 'topic', problem: 'must be the id of a topic' }] }
  return {
    draft: {
      to,
      text,
      ...(from === undefined ? {} : { from }),
      ...(lane === undefined ? {} : { lane }),
      ...(sendAt === undefined ? {} : { sendAt }),
      ...(expiresAt === undefined ? {} : { expiresAt }),
      ...(client_ref === undefined ? {} : { clientRef: client_ref }),
      ...(encoding === undefined ? {} : { encoding }),
      ...(topicId === undefined ? {} : { topic: topicId }),
    },
  }
}

const noTime = 'must be a time that exists'

/** Leap seconds and their like fit the pattern of a time and are none to JavaScript: then null. */
function parseTime(text: string): Date | null {
  const at = new Date(text)
  return Number.isNaN(at.getTime()) ? null : at
}

/** A time in a query. Nothing here is older than 1970, and UUIDv7 knows no earlier moment. */
export function demandTime(field: string, text: string): Date {
  const at = parseTime(text)
  if (at === null) throw new KurzpostError('invalid_request', { details: [{ field, problem: noTime }] })
  return at.getTime() < 0 ? new Date(0) : at
}
