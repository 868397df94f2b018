/** What of a field stays when what was sent from it has arrived: all that was typed since. */
export const remains = (typed: string, sent: string): string =>
  typed.startsWith(sent) ? typed.slice(sent.length).trimStart() : typed
