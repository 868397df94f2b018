/** What the command line tells a person. Answers go to standard output, everything else to standard error. */
export const say = {
  answer: (text: string): void => void process.stdout.write(`${text}\n`),
  note: (text: string): void => void process.stderr.write(`${text}\n`),
  /** The sentence of an error. Its stack helps nobody at a prompt, and KURZPOST_LOG=debug shows it. */
  problem(error: unknown): void {
    const { message, stack } = error instanceof Error ? error : new Error(String(error))
    process.stderr.write(`${process.env.KURZPOST_LOG === 'debug' ? stack : message}\n`)
  },
}
