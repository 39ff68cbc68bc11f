import { resolvePointer, type LeafCondition } from '@surety/engine'
import { useI18n } from 'vue-i18n'
import { usePolicyWords } from '../../features/policies/usePolicyWords.ts'
import { useFormat } from '../../format/useFormat.ts'
import { setAt } from '../draft/patch.ts'
import { usePermission } from '../draft/usePermission.ts'
import { useDraftEditor } from '../draft/usePolicyDraft.ts'
import { readConstant, takesList, writeConstant } from '../tree/operand-text.ts'
import { definitionOf } from '../tree/operands.ts'
import type { SentenceValue } from './sentence-value.ts'

/** Constants of rules, to be changed where a sentence says them; undefined for phrases that are none. */
export function useSentenceValues(): (place: string) => SentenceValue | undefined {
  const { t } = useI18n()
  const format = useFormat()
  const editor = useDraftEditor()
  const may = usePermission()
  const words = usePolicyWords(editor.document)

  return place => {
    if (!may.value.values) return undefined
    const output = /\/event\/params\/set\/([^/]+)$/.exec(place)?.[1]
    if (!place.endsWith('/value') && output === undefined) return undefined
    const value = resolvePointer(editor.document.value, place)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return undefined
    const leaf =
      output === undefined ? (resolvePointer(editor.document.value, place.slice(0, -'/value'.length)) as LeafCondition) : undefined
    const name = output ?? leaf!.fact
    const definition = leaf?.path === undefined ? definitionOf(editor.document.value, name) : undefined
    const isList = leaf ? takesList(leaf.operator) : definition?.type === 'list' && Array.isArray(value)
    return {
      text: writeConstant(value, definition, format.value.language),
      label: words.value.name(name),
      read: typed => readConstant(typed, definition, isList),
      // An amount that was written as a number stays one.
      commit: next =>
        editor.edit(t('tree.did.value', { name: words.value.name(name) }), document =>
          setAt(document, place, typeof value === 'number' && typeof next === 'string' && /^-?\d{1,15}$/.test(next) ? Number(next) : next),
        ),
    }
  }
}
