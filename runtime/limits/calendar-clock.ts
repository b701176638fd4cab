/** How much faster or slower than time itself a clock may go to catch up with the one it follows. */
const haste = 0.1

/**
 * Milliseconds since the epoch, for windows of the calendar. It follows the machine's clock, but never jumps with it: set
 * an hour ahead or back it is followed at a tenth of the pace of time, and never runs backwards. So whoever sets a clock a
 * day ahead gives nobody a fresh quota at once, and whoever sets it back gives nobody yesterday's again.
 * @param wall the machine's clock, which people and NTP set
 * @param steady milliseconds that only ever pass
 */
export function calendarClock(wall: () => number = Date.now, steady = (): number => performance.now()): () => number {
  let told = wall()
  let at = steady()
  return () => {
    const now = steady()
    const passed = Math.max(0, now - at)
    const most = passed * haste
    const off = wall() - (told + passed)
    told += passed + Math.max(-most, Math.min(most, off))
    at = now
    return told
  }
}
