import { type FactDefinition, type Policy } from '@surety/engine'
import { computed, type ComputedRef } from 'vue'
import { useI18n } from 'vue-i18n'
import { usePolicyWords } from '../../features/policies/usePolicyWords.ts'
import { useText } from '../../i18n/useText.ts'
import { useDraftEditor } from '../draft/usePolicyDraft.ts'

/** Something that can be chosen for a place. */
export interface Operand {
  readonly kind: 'fact' | 'output' | 'list' | 'condition' | 'choice'
  readonly name: string
  readonly label: string
  readonly hint?: string
  readonly icon: string
  readonly isOn?: boolean
  /** Of a choice. */
  readonly value?: unknown
}

export interface OperandGroup {
  readonly label: string
  readonly items: readonly Operand[]
}

interface Operands {
  readonly facts: OperandGroup
  readonly outputs: OperandGroup
  readonly lists: OperandGroup
  readonly conditions: OperandGroup
}

/** What the policy on the page knows by name, ready to be searched. */
export function useOperands(): ComputedRef<Operands> {
  const { document } = useDraftEditor()
  const { t } = useI18n()
  const text = useText()
  const words = usePolicyWords(document)
  return computed(() => {
    const { facts, outputs, lists = {}, conditions = {} } = document.value
    const named = (kind: 'fact' | 'output', record: Readonly<Record<string, FactDefinition>>): readonly Operand[] =>
      Object.entries(record).map(([name, definition]) => ({
        kind,
        name,
        label: words.value.name(name),
        hint: name,
        icon: TYPE_ICON[definition.type],
      }))
    return {
      facts: { label: t('tree.facts'), items: named('fact', facts) },
      outputs: { label: t('tree.outputs'), items: named('output', outputs) },
      lists: {
        label: t('tree.lists'),
        items: Object.entries(lists).map(([name, { title }]) => ({
          kind: 'list',
          name,
          label: text(title) || name,
          hint: name,
          icon: 'i-lucide-list',
        })),
      },
      conditions: {
        label: t('tree.named'),
        items: Object.entries(conditions).map(([name, { title }]) => ({
          kind: 'condition',
          name,
          label: text(title) || name,
          hint: name,
          icon: 'i-lucide-link',
        })),
      },
    }
  })
}

export const definitionOf = (document: Policy, name: string): FactDefinition | undefined =>
  Object.hasOwn(document.facts, name) ? document.facts[name] : Object.hasOwn(document.outputs, name) ? document.outputs[name] : undefined

/** Whether values of the two can stand on the two sides of a comparison. */
export function isComparable(one: FactDefinition | undefined, other: FactDefinition | undefined): boolean {
  if (!one || !other) return true
  const kind = ({ type, of }: FactDefinition): string => {
    const inner = type === 'list' ? (of ?? 'string') : type
    if (['number', 'integer', 'money', 'percent'].includes(inner)) return 'number'
    return inner === 'enum' ? 'string' : inner
  }
  return kind(one) === kind(other)
}

const TYPE_ICON: Readonly<Record<FactDefinition['type'], string>> = {
  number: 'i-lucide-hash',
  integer: 'i-lucide-hash',
  money: 'i-lucide-banknote',
  percent: 'i-lucide-percent',
  boolean: 'i-lucide-toggle-left',
  enum: 'i-lucide-tags',
  string: 'i-lucide-type',
  date: 'i-lucide-calendar',
  list: 'i-lucide-list',
}
