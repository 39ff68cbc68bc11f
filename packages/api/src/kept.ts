/** Asks anew only when the last answer is older; whoever asks meanwhile shares it, and a failure is not kept. */
export function keptFor<T>(ms: number, ask: () => Promise<T>): () => Promise<T> {
  let kept: { readonly until: number; readonly answer: Promise<T> } | undefined
  return () => {
    if (!kept || kept.until <= performance.now()) {
      const asked = { until: performance.now() + ms, answer: ask() }
      asked.answer.catch(() => (kept = kept === asked ? undefined : kept))
      kept = asked
    }
    return kept.answer
  }
}
