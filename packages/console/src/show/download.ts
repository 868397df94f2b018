/** Gives the reader a file. */
export function download(name: string, content: Blob): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(content)
  link.download = name
  link.click()
  // Chromium has taken it over by the next turn; Safari asks the reader first.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}
