/** First in, first out, in constant time; what was taken and could not be used goes back to the front. */
export interface Queue<T> {
  put(item: T): void
  giveBack(item: T): void
  /** What `take` would take. */
  peek(): T | undefined
  take(): T | undefined
  readonly size: number
}

/** Taken items are cut off the array only now and then: `shift` moves all that is left, half a million at worst. */
const CUT_AFTER = 1024

export function createQueue<T>(): Queue<T> {
  let items: T[] = []
  let head = 0
  /** Given back ones, in the order in which they came back; always before `items`. */
  let returned: T[] = []
  let returnedHead = 0

  return {
    put(item) {
      items.push(item)
    },
    giveBack(item) {
      returned.push(item)
    },
    peek: () => (returnedHead < returned.length ? returned[returnedHead] : items[head]),
    take() {
      if (returnedHead < returned.length) {
        const item = returned[returnedHead]
        returnedHead += 1
        if (returnedHead === returned.length) {
          returned = []
          returnedHead = 0
        }
        return item
      }
      const item = items[head]
      if (head < items.length) head += 1
      if (head === items.length) {
        items.length = 0
        head = 0
      } else if (head >= CUT_AFTER && head * 2 > items.length) {
        items = items.slice(head)
        head = 0
      }
      return item
    },
    get size() {
      return items.length - head + returned.length - returnedHead
    },
  }
}
