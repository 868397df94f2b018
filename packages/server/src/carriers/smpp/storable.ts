/** PostgreSQL's text holds no NUL and no half characters; the network may send both. */
export const storable = (text: string): string => text.replaceAll('\0', '').toWellFormed()
