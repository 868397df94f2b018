/** How much of everything: far above what people need, far below what would hurt the others on the same database. */
export const limits = {
  attributes: 100,
  choices: 200,
  /** Characters of a text attribute. */
  attributeText: 1_000,
  tagsOfPerson: 100,
  tagLength: 50,
  addressesOfPerson: 20,
  peopleInRequest: 1_000,
  notesOfPerson: 1_000,
  noteLength: 10_000,
  lists: 1_000,
  membersInRequest: 10_000,
  segments: 500,
  segmentDepth: 8,
  segmentLeaves: 100,
  importBytes: 1024 * 1024 * 1024,
  chunkBytes: 4 * 1024 * 1024,
  importColumns: 200,
  /** A line of a file, in octets. */
  importRecord: 64 * 1024,
  /** Rows of an import that are kept to be corrected; the rest is counted. */
  importErrors: 100_000,
  importsAtOnce: 20,
  places: 200_000,
  placesInRequest: 50_000,
  audienceText: 10_000,
  audiencesAtOnce: 20,
  mergedAtOnce: 20,
} as const
