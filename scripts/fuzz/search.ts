import { type Profiler, Session } from 'node:inspector'
import { createCases, type OnCase } from './run.ts'
import type { Found, Seedling, Target } from './target.ts'

// Long inputs cost each case that begins with them.
const longest = 400

/**
 * Looks for inputs worth keeping: V8 counts how often each block of the sources under test has run (precise block
 * coverage), and an input that runs a block for the first time, or a number of times of another magnitude, is kept
 * and changed further. Counting slows the code down, so this is a search before the run, with as many cases each time: the
 * same seed finds the same inputs. It belongs in a thread of its own, whose code stays marked for counting.
 */
export function searchInputs(target: Target, seed: number, cases: number, onCase: OnCase): Found {
  const session = new Session()
  session.connect()
  const found = { single: [] as Seedling[], joined: [] as Seedling[] }
  const seen = new Set<string>()
  // A case's number above 2^30 belongs to the search, so that the run makes others.
  const caseOf = createCases(target, seed, found)
  try {
    post(session, 'Profiler.enable')
    post(session, 'Profiler.startPreciseCoverage', { callCount: true, detailed: true })
    for (let i = 0; i < cases; i++) {
      const { check, octets } = caseOf(2 ** 30 + i)
      onCase(i, check, octets)
      const kept = Buffer.from(octets)
      post(session, 'Profiler.takePreciseCoverage')
      try {
        check.run(octets)
      } catch {
        // The run meets it again and tells.
      }
      const { result } = post(
        session,
        'Profiler.takePreciseCoverage',
      ) as Profiler.TakePreciseCoverageReturnType
      if (isNew(result, target.covers, seen) && kept.length <= longest)
        found[check.joins === undefined ? 'single' : 'joined'].push({ octets: kept, marks: [] })
    }
  } finally {
    session.disconnect()
  }
  return found
}

function post(session: Session, method: string, params: object = {}): unknown {
  let answer: unknown
  session.post(method, params, (error, result) => {
    if (error) throw error
    answer = result
  })
  return answer
}

function isNew(
  scripts: readonly Profiler.ScriptCoverage[],
  covers: readonly string[],
  seen: Set<string>,
): boolean {
  const before = seen.size
  for (const { url, functions } of scripts) {
    if (!covers.some((part) => url.includes(part))) continue
    for (const { ranges } of functions)
      for (const { startOffset, endOffset, count } of ranges)
        seen.add(`${url}:${startOffset}-${endOffset}:${Math.floor(Math.log2(count + 1))}`)
  }
  return seen.size > before
}
