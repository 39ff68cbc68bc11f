import { analysePolicy, checkPolicy, hasErrors, parsePolicy, type Finding } from '@surety/engine'

/** Shape, then names and types, then what can be reasoned about: the ladder that the server climbs as well. */
function findingsOf(document: unknown): readonly Finding[] {
  const { policy, findings } = parsePolicy(document)
  if (!policy) return findings
  const checked = checkPolicy(policy)
  return hasErrors(checked) ? checked : [...checked, ...analysePolicy(policy)]
}

addEventListener('message', ({ data }: MessageEvent<{ id: number; document: unknown }>) => {
  postMessage({ id: data.id, findings: findingsOf(data.document) })
})
