/** What a sentence about a waiting message may name; numbers as the reader writes them. */
export interface WaitingWords {
  who: string
  error: string | undefined
  sender: string | undefined
  rate: string
  ahead: Counted
  aheadHigher: Counted
  carriers: { name: string; code: string; links: Counted }[]
  list: (parts: readonly string[]) => string
}

export interface Counted {
  count: number
  shown: string
}

/** Why a message waits, in English. */
export const waiting = {
  title: 'Why it is not sent yet',
  until: (when: string) => `Next step: ${when}.`,
  toQueue: 'Look at the queue',
  toRoutes: 'Explain its route',
  /** By the API's code; without one the server's own sentence is shown, which is in English. */
  byCode: {
    no_route: () => 'No route fits it. Add one, or let the page of routes explain why.',
  } as Record<string, (words: WaitingWords) => string>,
  someCarrier: 'the carrier',
  orMore: (shown: string) => `${shown} or more`,
}
