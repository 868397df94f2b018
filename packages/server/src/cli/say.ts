import { errorBody, KurzpostError } from '../errors.ts'

/** What the command line tells a person. Answers go to standard output, everything else to standard error. */
export const say = {
  answer: (text: string): void => void process.stdout.write(`${text}\n`),
  note: (text: string): void => void process.stderr.write(`${text}\n`),
  /** The sentence of an error. Its stack helps nobody at a prompt, and KURZPOST_LOG=debug shows it. */
  problem(error: unknown): void {
    const { message, stack } = error instanceof Error ? error : new Error(String(error))
    const text = error instanceof KurzpostError ? inFull(error) : message
    process.stderr.write(`${process.env.KURZPOST_LOG === 'debug' ? stack : text}\n`)
  },
}

/** With the advice, and with what is wrong with which field. */
function inFull({ code, message, details }: KurzpostError): string {
  const lines = Array.isArray(details)
    ? details.map(({ field, problem }) => `  ${field} ${problem}`)
    : Object.entries(details ?? {}).map(([name, value]) => `  ${name}: ${JSON.stringify(value)}`)
  return [`${errorBody(code, { message }).error.message} (${code})`, ...lines].join('\n')
}
