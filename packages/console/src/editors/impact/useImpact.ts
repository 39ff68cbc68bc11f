import { useClientHandle } from '@urql/vue'
import { shallowRef, watch, type ShallowRef } from 'vue'
import type { PolicyImpactQuery } from '../../graphql/generated/graphql.ts'
import { useLive } from '../../graphql/live.ts'
import { problemOf, problemOfDeclared, type Problem } from '../../graphql/problem.ts'
import { PolicyImpactDocument, RunPolicyImpactDocument } from './documents.ts'

export type Impact = NonNullable<PolicyImpactQuery['policyImpact']>

export interface ImpactRun {
  readonly impact: Readonly<ShallowRef<Impact | undefined>>
  readonly isRunning: Readonly<ShallowRef<boolean>>
  readonly problem: Readonly<ShallowRef<Problem | undefined>>
  run(draftId: string): Promise<void>
  show(id: string | undefined): Promise<void>
}

/** What a draft would do: asked for, waited for, and told how often each rule held. */
export function useImpact(onHits: (hits: ReadonlyMap<string, number> | null) => void = () => undefined): ImpactRun {
  const { client } = useClientHandle()
  const impact = shallowRef<Impact>()
  const isRunning = shallowRef(false)
  const problem = shallowRef<Problem>()

  async function show(id: string | undefined): Promise<void> {
    if (id === undefined) return
    const { data, error } = await client.query(PolicyImpactDocument, { id }, { requestPolicy: 'network-only' }).toPromise()
    if (error) problem.value = problemOf(error)
    impact.value = data?.policyImpact ?? impact.value
    isRunning.value = impact.value?.status === 'RUNNING'
  }
  useLive({ entities: ['PolicyImpact'], id: () => impact.value?.id }, () => void show(impact.value?.id))
  watch(impact, found => {
    const hits = found?.result?.hitsAfter as Readonly<Record<string, number>> | undefined
    onHits(hits ? new Map(Object.entries(hits)) : null)
  })

  return {
    impact,
    isRunning,
    problem,
    async run(draftId) {
      problem.value = undefined
      isRunning.value = true
      const { data, error } = await client.mutation(RunPolicyImpactDocument, { draftId }).toPromise()
      const answer = data?.runPolicyImpact
      if (error) problem.value = problemOf(error)
      else if (answer?.__typename === 'MutationPolicyImpactSuccess') return show(answer.data.id)
      else if (answer) problem.value = problemOfDeclared(answer)
      isRunning.value = false
    },
    show,
  }
}
