import type { Bin, FactDefinition, Policy, TableStep } from '@surety/engine'
import { computed, toValue, type ComputedRef, type MaybeRefOrGetter } from 'vue'
import { useI18n } from 'vue-i18n'
import { useFormat } from '../../format/useFormat.ts'
import { useText, type Text } from '../../i18n/useText.ts'
import { useFactWords } from '../facts/useFactWords.ts'
import { showFeelValue, showUnaryTest } from './feel-text.ts'

export interface PolicyWords {
  /** A fact or output by its name for people. */
  name(name: string): string
  /** A value as this fact or output shows it. */
  value(value: unknown, name?: string): string
  /** `≥`, `属于`, …; decorators in front. */
  operator(operator: string): string
  bin(bin: Bin, expression: string): string
  /** A condition cell of a table. */
  test(cell: string, expression: string): string
  /** An outcome cell of a table. */
  output(cell: string, name: string): string
  input(step: TableStep, index: number): string
  /** A reason as the policy words it: `{fact}` shown by its name. */
  reason(words: Text): string
}

/** Speaks of a policy in the reader's language, with the labels that the policy itself brings. */
export function usePolicyWords(policy: MaybeRefOrGetter<Policy | undefined>): ComputedRef<PolicyWords> {
  const { t, te } = useI18n()
  const text = useText()
  const format = useFormat()
  const facts = useFactWords()

  return computed(() => {
    const document = toValue(policy)
    const definition = (name: string): FactDefinition | undefined => document?.facts[name] ?? document?.outputs[name]
    const name = (key: string): string => {
      if (key === 'outcome') return t('decision.outcome')
      return text(definition(key)?.label) || key
    }
    const value = (given: unknown, key = ''): string => {
      if (key === 'outcome' && typeof given === 'string' && te(`outcome.${given}`)) return t(`outcome.${given}`)
      if (typeof given === 'object' && given !== null && !Array.isArray(given)) {
        if ('fact' in given) return name(String(given.fact))
        if ('list' in given) return text(document?.lists?.[String(given.list)]?.title) || String(given.list)
      }
      const shape = definition(key)
      return facts.value.value(
        given,
        shape && {
          type: shape.type === 'list' ? (shape.of ?? 'string') : shape.type,
          unit: shape.unit ?? null,
          currency: shape.currency ?? null,
          values: shape.values ?? [],
        },
      )
    }
    const word =
      (key: string) =>
      (given: string): string =>
        value(given, key)
    const number = (given: number | undefined): string => format.value.number(given, 6)
    return {
      name,
      value,
      operator: operator => {
        const parts = operator.split(':')
        return parts.map(part => (te(`operator.${part}`) ? t(`operator.${part}`) : part)).join(' ')
      },
      bin: (bin, expression) => {
        if (bin.label) return text(bin.label)
        if (bin.missing) return t('policy.binMissing')
        if (bin.other) return t('policy.binOther')
        if (bin.values) return bin.values.map(one => value(one, expression)).join(format.value.language === 'zh-CN' ? '、' : ', ')
        if (bin.from === undefined) return bin.to === undefined ? t('policy.binOther') : `< ${number(bin.to)}`
        return bin.to === undefined ? `≥ ${number(bin.from)}` : `[${number(bin.from)}, ${number(bin.to)})`
      },
      reason: given => text(given).replace(/\{(\w+)\}/g, (_, key: string) => `‹${name(key)}›`),
      test: (cell, expression) =>
        cell.trim() === 'null'
          ? t('policy.binMissing')
          : showUnaryTest(cell, word(expression), format.value.language === 'zh-CN' ? '、' : ', '),
      output: (cell, key) => {
        const shown = showFeelValue(cell, word(key))
        return /^-?\d+(\.\d+)?$/.test(shown) ? value(definition(key)?.type === 'money' ? shown : Number(shown), key) : shown
      },
      input: (step, index) => {
        const input = step.inputs[index]
        return input ? text(input.label) || name(input.expression) : ''
      },
    }
  })
}
