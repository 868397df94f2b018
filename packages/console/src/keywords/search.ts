import { type ServiceKind, serviceKinds } from '../api/keywords.ts'

/** What the page of a new service keeps in the address bar. What makes no sense there is left out. */
export function readKeywordSearch(raw: Record<string, unknown>): { kind?: ServiceKind; word?: string } {
  const kind = serviceKinds.find((each) => each === raw.kind)
  const word = String(raw.word ?? '').slice(0, 30)
  return { ...(kind && { kind }), ...(word && { word }) }
}
