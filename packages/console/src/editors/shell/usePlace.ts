import { resolvePointer, type Policy, type Step } from '@surety/engine'
import { computed, type ComputedRef } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { keysOf } from '../draft/patch.ts'
import { useDraftEditor } from '../draft/usePolicyDraft.ts'

/** Everything of a policy that is no step. */
export const PARTS = ['facts', 'outputs', 'conditions', 'lists', 'about'] as const
export type Part = (typeof PARTS)[number]

export interface Place {
  readonly part: ComputedRef<Part | undefined>
  /** Of a named condition or a list. */
  readonly name: ComputedRef<string | undefined>
  readonly step: ComputedRef<Step | undefined>
  readonly stepIndex: ComputedRef<number>
  readonly stepPath: ComputedRef<string>
  /** Its place in the step; −1: all of them are listed. */
  readonly ruleIndex: ComputedRef<number>
  openStep(id: string, rule?: string): void
  openPart(part: Part, name?: string): void
  /** Leads to whatever a JSON pointer names, and focuses it. */
  openPath(path: string): void
}

/** Where in the policy the reader is; the address says it, so that a link leads there. */
export function usePlace(): Place {
  const editor = useDraftEditor()
  const route = useRoute()
  const router = useRouter()

  const part = computed(() => PARTS.find(one => one === route.query['part']))
  const name = computed(() => (typeof route.query['name'] === 'string' ? route.query['name'] : undefined))
  const steps = computed(() => editor.document.value.steps)
  const stepIndex = computed(() => {
    if (part.value) return -1
    const at = steps.value.findIndex(({ id }) => id === route.query['step'])
    return at < 0 && steps.value.length > 0 ? 0 : at
  })
  const step = computed(() => steps.value[stepIndex.value])
  const ruleIndex = computed(() => (step.value?.kind === 'rules' ? step.value.rules.findIndex(({ id }) => id === route.query['rule']) : -1))

  function go(query: Record<string, string | undefined>): void {
    const { step: _, rule: __, part: ___, name: ____, focus: _____, ...rest } = route.query
    const wanted = Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined))
    const target = { params: { ...route.params, tab: null }, query: { ...rest, ...wanted } }
    if (router.resolve(target).fullPath !== route.fullPath) void router.replace(target)
  }

  return {
    part,
    name,
    step,
    stepIndex,
    stepPath: computed(() => `/steps/${stepIndex.value}`),
    ruleIndex,
    openStep: (id, rule) => go({ step: id, rule }),
    openPart: (wanted, named) => go({ part: wanted, name: named }),
    openPath(path) {
      go(queryOf(editor.document.value, path))
      editor.focusPath.value = path
    },
  }
}

function queryOf(document: Policy, path: string): Record<string, string | undefined> {
  const [root, key, list, at] = keysOf(path)
  if (root === 'steps' && key !== undefined) {
    const step = document.steps[Number(key)]
    const rule = step?.kind === 'rules' && list === 'rules' && at !== undefined ? step.rules[Number(at)] : undefined
    return { step: step?.id, rule: rule?.id }
  }
  const part = PARTS.find(one => one === root)
  return part
    ? { part, name: key !== undefined && resolvePointer(document, `/${root}/${key}`) !== undefined ? key : undefined }
    : { part: 'about' }
}
