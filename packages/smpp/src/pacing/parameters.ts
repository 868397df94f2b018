/** Every number of the pacing, with its why. Rates in segments a second, times in milliseconds. */
export const pacing = {
  /** Where an unknown link begins: few carriers grant less, and ten doublings lead to 10,000. */
  startRate: 10,
  /** Never slower: at a limit of one in five seconds still one message in time for its code. */
  leastRate: 0.2,
  /** The bucket holds so much, that a timer which comes late costs no throughput; more would be a burst after idling. */
  burstMs: 20,
  /** Counters of carriers are of a second: the shortest time in which a rate can be told. */
  secondMs: 1_000,
  /** Held below what was measured: above 95 % of the limit, and room for the rounding of the carrier's counter. */
  margin: 0.98,
  /** Less was sent than this share of the rate: the application is the limit, nothing is learned about the carrier's. */
  busyShare: 0.85,
  /** Refusals up to this share of the last ten seconds are noise: some SMSCs refuse at random. */
  tolerated: { share: 0.003, overMs: 10_000 },
  search: {
    /** As TCP's slow start. */
    factor: 2,
    /** Steps become smaller as the bracket does; below this one the search is over. */
    narrow: 1.1,
  },
  measure: {
    /** So many segments make the error of counting small enough; 5 a second need 6 s for it. */
    segments: 30,
    longestSeconds: 6,
  },
  /** More than this share of what was sent after a cut is refused: halve, at most once in a second. */
  emergency: { share: 0.5, leastRefusals: 5, afterMs: 100, bracket: 2 },
  /** Of a first refusal while the rate is held: a step back, until it is measured. */
  stepBack: 0.985,
  /** A burst allowance of the carrier can carry a rate so far above its limit for a while. */
  allowance: 1.1,
  probe: {
    /** The least step: above it the search for the limit costs more than it brings. */
    share: 0.02,
    /** And at slow rates one segment more in five seconds: less could not be noticed. */
    extraPerSecond: 0.2,
    /** A step that held is followed by twice the step, up to this. */
    largestShare: 0.25,
    /** A step is held for so long, */
    leastMs: 3_000,
    /** and until it has sent so many segments more than the rate before it would have. */
    extraSegments: 3,
    /** Between probes: the first after this, then twice as long after each that failed. */
    firstMs: 3_000,
    /** and not before so many segments: a failed probe costs a refusal or two, whatever the rate. */
    segmentsBetween: 100,
    longestMs: 60_000,
    /** Above the measured limit by this factor no burst allowance explains it any more: the limit is another. */
    forgetFactor: 1.5,
  },
  delay: {
    samples: 10,
    /** The base answer time is the shortest of the last minute. */
    baseSlots: 6,
    baseSlotMs: 10_000,
    /** A queue below 50 ms is not worth a word; with jitter, three times the mean difference of neighbours. */
    leastMs: 50,
    jitters: 3,
    /** A pause of the SMSC is no queue until it lasts. */
    persistMs: 200,
    /** Share of the delivered rate at which a queue drains, */
    drainShare: 0.7,
    /** for so long beyond the time which the queue needs; if the delay has not moved then, it is not our queue. */
    drainMs: 2_000,
    movedMs: 25,
  },
  /** An answer that never came in its time (facts group 27): slower, at most once in a second; nothing is sent again. */
  timeout: { factor: 0.7 },
  window: { least: 4, most: 2_000, queueThresholds: 1.5 },
} as const
