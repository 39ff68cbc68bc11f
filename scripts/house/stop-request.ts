/** Calls back when we are asked to end: a signal, or the death of the bootstrap. `isUrgent` from the second, separate request on. */
export function onStopRequest(act: (isUrgent: boolean) => void): void {
  let firstAt: number | undefined
  const request = () => {
    const now = Date.now()
    if (firstAt === undefined) {
      firstAt = now
      act(false)
      // One Ctrl-C can arrive several ways: from the terminal, through npm, through the bootstrap.
    } else if (now - firstAt > 1500) act(true)
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, request)
  process.on('disconnect', request)
}
