/** A text as a download. The browser asks where to, or puts it where downloads go. */
const releasedAfterMs = 60_000

export const offerFile = (name: string, text: string): boolean => {
  const address = URL.createObjectURL(new Blob([text]))
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(address), releasedAfterMs)
  return true
}
