/** Without those that people mistake for each other when they read them out. */
const letters = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789'

/** Eight characters, the most that a bind holds [SMPP 3.4 §4.1.1]: 46 bits. */
export function randomPassword(): string {
  let password = ''
  while (password.length < 8) {
    // What lies beyond the last whole round of letters would make the first ones more likely.
    for (const octet of crypto.getRandomValues(new Uint8Array(16)))
      if (octet < 256 - (256 % letters.length) && password.length < 8)
        password += letters[octet % letters.length]
  }
  return password
}
