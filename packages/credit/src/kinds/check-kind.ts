import { analysePolicy, pointer, type FactDefinition, type Finding, type Policy, type Text } from '@surety/engine'
import { findFact } from '../facts/dictionary.ts'
import { FACT_FAMILIES } from '../facts/fact.ts'
import { isPolicyKind, POLICY_KIND_NAMES, POLICY_KINDS } from './kinds.ts'
import type { KindOutput, PolicyKind } from './policy-kind.ts'

/**
 * Whether a policy fits what its kind is used for: facts that the dictionary has and the occasion gives, and
 * the outputs that the asker counts on. What the engine can tell by itself is not said again.
 */
export function checkKind(policy: Policy): Finding[] {
  if (!isPolicyKind(policy.kind)) {
    const names = POLICY_KIND_NAMES.join(', ')
    return [
      finding(
        'UNKNOWN_KIND',
        '/kind',
        policy.kind === undefined
          ? { en: `The policy has no kind; it should be one of ${names}.`, zh: `策略没有类型；应为 ${names} 之一。` }
          : {
              en: `${JSON.stringify(policy.kind)} is no kind of policy; it should be one of ${names}.`,
              zh: `${JSON.stringify(policy.kind)} 不是策略类型；应为 ${names} 之一。`,
            },
      ),
    ]
  }
  const kind: PolicyKind = POLICY_KINDS[policy.kind]
  return [...checkFacts(policy, kind), ...checkOutputs(policy, kind), ...checkTiling(policy)]
}

function checkFacts(policy: Policy, kind: PolicyKind): Finding[] {
  const findings = Object.entries(policy.facts).flatMap(([name, declared]): Finding[] => {
    const path = pointer('/facts', name)
    const known = findFact(name)
    if (!known)
      return [
        finding('FACT_NOT_IN_DICTIONARY', path, {
          en: `The dictionary has no fact ${JSON.stringify(name)}; it would always be missing.`,
          zh: `字典中没有事实 ${JSON.stringify(name)}，其值将始终缺失。`,
        }),
      ]
    if (known.type !== declared.type)
      return [
        finding('FACT_TYPE_DIFFERS', `${path}/type`, {
          en: `${known.label.en} (${name}) is of type ${known.type}, not ${declared.type}.`,
          zh: `${known.label.zh}（${name}）的类型是 ${known.type}，不是 ${declared.type}。`,
        }),
      ]
    if (!kind.families.includes(known.family)) {
      return [
        finding('FACT_NOT_GIVEN', path, {
          en: `${known.label.en} (${name}) is known only where “${FACT_FAMILIES[known.family].en}” is at hand, which ${kind.title.en.toLowerCase()} is not asked about.`,
          zh: `${known.label.zh}（${name}）属于“${FACT_FAMILIES[known.family].zh}”，${kind.title.zh}时不提供。`,
        }),
      ]
    }
    return unknownValues(declared, known, path)
  })
  for (const name of kind.mustRead) {
    if (!Object.hasOwn(policy.facts, name))
      findings.push(
        finding('FACT_NOT_READ', '/facts', {
          en: `${kind.title.en} has to look at ${findFact(name)!.label.en} (${name}).`,
          zh: `${kind.title.zh}须读取${findFact(name)!.label.zh}（${name}）。`,
        }),
      )
  }
  return findings
}

function unknownValues(declared: FactDefinition, known: FactDefinition, path: string): Finding[] {
  if (declared.values === undefined || known.values === undefined) return []
  const possible = valuesOf(known)
  return valuesOf(declared)
    .filter(value => !possible.includes(value))
    .map(value =>
      finding('FACT_VALUE_UNKNOWN', `${path}/values`, {
        en: `${JSON.stringify(value)} never occurs; possible are ${possible.join(', ')}.`,
        zh: `${JSON.stringify(value)} 不会出现；可选值为 ${possible.join('、')}。`,
      }),
    )
}

function checkOutputs(policy: Policy, kind: PolicyKind): Finding[] {
  return Object.entries(kind.outputs).flatMap(([name, wanted]): Finding[] => {
    const declared = Object.hasOwn(policy.outputs, name) ? policy.outputs[name] : undefined
    if (declared) return checkOutput(name, declared, wanted)
    return wanted.isRequired
      ? [
          finding('OUTPUT_MISSING', '/outputs', {
            en: `${kind.title.en} has to write ${name} (${wanted.label.en}, ${wanted.type}).`,
            zh: `${kind.title.zh}须写出 ${name}（${wanted.label.zh}，${wanted.type}）。`,
          }),
        ]
      : []
  })
}

function checkOutput(name: string, declared: FactDefinition, wanted: KindOutput): Finding[] {
  const path = pointer('/outputs', name)
  if (declared.type !== wanted.type || (wanted.of !== undefined && declared.of !== wanted.of)) {
    const type = wanted.of === undefined ? wanted.type : `${wanted.type} of ${wanted.of}`
    return [
      finding('OUTPUT_TYPE_DIFFERS', `${path}/type`, {
        en: `${wanted.label.en} (${name}) has to be of type ${type}.`,
        zh: `${wanted.label.zh}（${name}）的类型应为 ${type}。`,
      }),
    ]
  }
  if (wanted.values === undefined) return []
  return valuesOf(declared)
    .filter(value => !wanted.values!.includes(value))
    .map(value =>
      finding('OUTPUT_VALUE_UNKNOWN', `${path}/values`, {
        en: `Nobody knows what to do with ${JSON.stringify(value)}; possible are ${wanted.values!.join(', ')}.`,
        zh: `无法处理 ${JSON.stringify(value)}；可选值为 ${wanted.values!.join('、')}。`,
      }),
    )
}

/** Where nothing says who must agree, a matter would wait for good: tables that find the levels cover everything, or the levels have a default that asks somebody. */
function checkTiling(policy: Policy): Finding[] {
  if (policy.kind !== 'authority' && policy.kind !== 'approval') return []
  const fallback = policy.outputs['levels']?.default
  if (Array.isArray(fallback) && fallback.length > 0) return []
  const finds = (policy.steps ?? []).map(step => step.kind === 'table' && step.outputs.some(({ name }) => name === 'levels'))
  return analysePolicy(policy)
    .filter(({ code, path }) => code === 'TABLE_GAP' && finds[Number(path.split('/')[2])])
    .map(gap =>
      finding('AUTHORITY_GAP', gap.path, {
        en: `Nobody is asked here, so what falls here is blocked: ${gap.message.en}`,
        zh: `此处无人审批，落入其中的事项将被阻塞：${gap.message.zh}`,
      }),
    )
}

function valuesOf({ values = [] }: FactDefinition): string[] {
  return values.map(value => (typeof value === 'string' ? value : value.value))
}

function finding(code: string, path: string, message: Text): Finding {
  return { code, severity: 'error', path, message }
}
