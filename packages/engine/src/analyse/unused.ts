import type { Condition } from '../policy/document.ts'
import { pointer } from '../policy/pointer.ts'
import { feelPlaces } from './feel-places.ts'
import { type Analysis, finding } from './reader.ts'

/** Facts, lists and named conditions that nothing asks for, and outputs that nothing sets. */
export const unused: Analysis = function* (reader) {
  const { policy, context } = reader
  const used = new Set<string>()
  const conditions = new Set<string>()
  const lists = new Set<string>()
  const set = new Set<string>()
  let isOpen = false

  const see = (condition: Condition): void => {
    if ('condition' in condition) {
      const named =
        policy.conditions && Object.hasOwn(policy.conditions, condition.condition) ? policy.conditions[condition.condition] : undefined
      if (named && !conditions.has(condition.condition)) {
        conditions.add(condition.condition)
        see(named)
      }
      conditions.add(condition.condition)
    } else if ('any' in condition) condition.any.forEach(see)
    else if ('all' in condition) condition.all.forEach(see)
    else if ('not' in condition) see(condition.not)
    else {
      used.add(condition.fact)
      seeValue(condition.value)
    }
  }
  const seeValue = (value: unknown): void => {
    if (value === null || typeof value !== 'object' || Array.isArray(value)) return
    const { fact, list } = value as { fact?: unknown; list?: unknown }
    if (typeof fact === 'string') used.add(fact)
    else if (typeof list === 'string') lists.add(list)
  }

  for (const { reads } of feelPlaces(reader)) for (const name of reads) used.add(name).add(name.split('.')[0]!)
  for (const step of policy.steps) {
    // Texts with {placeholders} and FEEL that names lists may stand anywhere in a step.
    const text = JSON.stringify(step)
    for (const [, name] of text.matchAll(/\{([^{}"]+)\}/g)) used.add(name!)
    for (const name of Object.keys(policy.lists ?? {})) if (step.kind !== 'rules' && text.includes(name)) lists.add(name)
    if (step.enabled === false) continue
    switch (step.kind) {
      case 'rules':
        for (const rule of step.rules) {
          see(rule.conditions)
          for (const value of Object.values(rule.event.params ?? {})) seeValue(value)
          for (const [name, value] of Object.entries(rule.event.params?.set ?? {})) {
            set.add(name)
            seeValue(value)
          }
        }
        break
      case 'table':
        for (const { name } of step.outputs) set.add(name)
        break
      case 'scorecard':
        set.add(step.output)
        break
      case 'formula':
        for (const { output } of step.expressions) set.add(output)
        break
      case 'decision': {
        for (const name of Object.values(step.outputs)) set.add(name)
        for (const name of Object.keys(step.facts ?? {})) used.add(name)
        const callee = context.resolve(step.policy, step.version)
        if (callee) for (const name of Object.keys(callee.policy.facts)) used.add(name)
        else isOpen = true
      }
    }
  }

  for (const name of Object.keys(policy.facts)) {
    if (used.has(name) || isOpen) continue
    const path = pointer('/facts', name)
    yield finding('FACT_UNUSED', 'info', path, `Nothing asks for fact "${name}".`, `没有任何地方用到事实“${name}”。`, removing(path))
  }
  for (const [name, { default: fallback }] of Object.entries(policy.outputs)) {
    if (set.has(name)) continue
    const path = pointer('/outputs', name)
    yield fallback === undefined
      ? finding(
          'OUTPUT_NEVER_SET',
          'warning',
          path,
          `No step sets output "${name}", so it is always missing.`,
          `没有任何步骤设置输出“${name}”，它将始终缺失。`,
        )
      : finding(
          'OUTPUT_NEVER_SET',
          'info',
          path,
          `No step sets output "${name}", so it always keeps its default.`,
          `没有任何步骤设置输出“${name}”，它将始终为默认值。`,
        )
  }
  for (const name of Object.keys(policy.lists ?? {})) {
    if (lists.has(name)) continue
    const path = pointer('/lists', name)
    yield finding('LIST_UNUSED', 'info', path, `Nothing uses list "${name}".`, `没有任何地方用到列表“${name}”。`, removing(path))
  }
  for (const name of Object.keys(policy.conditions ?? {})) {
    if (conditions.has(name)) continue
    const path = pointer('/conditions', name)
    yield finding('CONDITION_UNUSED', 'info', path, `No rule uses condition "${name}".`, `没有任何规则使用条件“${name}”。`, removing(path))
  }
}

const removing = (path: string) => ({ fix: { title: { en: 'Remove it', zh: '将其删除' }, patch: [{ op: 'remove', path } as const] } })
