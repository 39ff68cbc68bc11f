import type { Step } from '@surety/engine'
import type { DropdownMenuItem } from '@nuxt/ui'
import { useI18n } from 'vue-i18n'
import { STEP_ICON } from '../../features/policies/step-icon.ts'
import { insertAt, moveItem, removeAt, setAt } from '../draft/patch.ts'
import { useDraftEditor } from '../draft/usePolicyDraft.ts'
import { NEW_NAMES } from '../new-names.ts'
import { newId } from '../step-path.ts'
import { createStep, STEP_KINDS } from './create-step.ts'

export interface StepActions {
  move(index: number, by: -1 | 1): void
  /** What can be done with a step as a whole; the same in the outline, in the flow and at its head. */
  menu(index: number): DropdownMenuItem[][]
  /** The kinds that can be added behind this place. */
  additions(index: number): DropdownMenuItem[]
}

export function useStepActions(open: (step: string) => void): StepActions {
  const { t } = useI18n()
  const editor = useDraftEditor()
  const steps = (): readonly Step[] => editor.document.value.steps

  const move = (index: number, by: -1 | 1): void =>
    editor.edit(t('draft.did.moveStep'), document => moveItem(document, '/steps', index, index + by))

  function duplicate(index: number): void {
    const id = newId('step')
    editor.edit(t('draft.did.duplicateStep'), document =>
      insertAt(document, '/steps', index + 1, { ...structuredClone(steps()[index]!), id }),
    )
    open(id)
  }
  function toggle(index: number): void {
    const { enabled, ...rest } = steps()[index]!
    editor.edit(t('draft.did.toggleStep'), document =>
      setAt(document, `/steps/${index}`, enabled === false ? rest : { ...rest, enabled: false }),
    )
  }
  function remove(index: number): void {
    const next = steps()[index + 1] ?? steps()[index - 1]
    editor.edit(t('draft.did.removeStep'), document => removeAt(document, `/steps/${index}`))
    if (next) open(next.id)
  }
  function add(index: number, kind: (typeof STEP_KINDS)[number]): void {
    const title = NEW_NAMES.step
    const step = createStep(kind, editor.document.value, title)
    editor.edit(t('draft.did.addStep'), document => insertAt(document, '/steps', index + 1, step))
    open(step.id)
  }

  return {
    move,
    additions: index => STEP_KINDS.map(kind => ({ label: t(`stepKind.${kind}`), icon: STEP_ICON[kind], onSelect: () => add(index, kind) })),
    menu(index) {
      const isOff = steps()[index]?.enabled === false
      return [
        [
          { label: t('tree.moveUp'), icon: 'i-lucide-arrow-up', disabled: index === 0, onSelect: () => move(index, -1) },
          {
            label: t('tree.moveDown'),
            icon: 'i-lucide-arrow-down',
            disabled: index === steps().length - 1,
            onSelect: () => move(index, 1),
          },
          { label: t('tree.duplicate'), icon: 'i-lucide-copy', onSelect: () => duplicate(index) },
          {
            label: isOff ? t('tree.enable') : t('tree.disable'),
            icon: isOff ? 'i-lucide-circle-check' : 'i-lucide-circle-off',
            onSelect: () => toggle(index),
          },
        ],
        [{ label: t('draft.removeStep'), icon: 'i-lucide-trash-2', onSelect: () => remove(index) }],
      ]
    },
  }
}
