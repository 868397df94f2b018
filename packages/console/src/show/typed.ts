const bare = (text: string): string => text.normalize('NFC').replace(/\s+/g, '')

/** Whether somebody has typed the word that was asked for. Spaces do not count: numbers are shown with them, and stored without. */
export const isTyped = (typed: string, word: string): boolean => bare(typed) === bare(word)
