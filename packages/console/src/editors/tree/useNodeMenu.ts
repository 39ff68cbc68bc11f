import type { DropdownMenuItem } from '@nuxt/ui'
import { computed, type ComputedRef } from 'vue'
import { useI18n } from 'vue-i18n'
import { isGroup, type Bracket, type TreeNode } from './condition-edits.ts'
import { useRuleTree } from './useRuleTree.ts'

const BRACKETS: readonly Bracket[] = ['all', 'any', 'none']

/** All that can be done with one node; every key of the tree is in here as well. */
export function useNodeMenu(node: () => TreeNode): ComputedRef<DropdownMenuItem[][]> {
  const { t } = useI18n()
  const tree = useRuleTree()
  return computed(() => {
    const { path, condition, kind } = node()
    const isRoot = tree.root.value?.path === path
    const group = isGroup(node())
    const brackets: DropdownMenuItem[] = BRACKETS.map(bracket => ({
      label: t(`group.${bracket}`),
      type: 'checkbox',
      checked: kind === bracket,
      onSelect: () => tree.setBracket(path, bracket),
    }))
    return [
      ...(group ? [brackets] : []),
      [
        { label: t('tree.add'), icon: 'i-lucide-plus', kbds: ['/'], onSelect: () => tree.add(path) },
        { label: t('tree.addGroup'), icon: 'i-lucide-brackets', onSelect: () => tree.addGroup(path) },
      ],
      [
        {
          label: t('tree.wrap'),
          icon: 'i-lucide-brackets',
          children: BRACKETS.map(bracket => ({ label: t(`group.${bracket}`), onSelect: () => tree.wrap(path, bracket) })),
        },
        ...(group ? [{ label: t('tree.unwrap'), icon: 'i-lucide-ungroup', onSelect: () => tree.unwrap(path) }] : []),
        { label: t('tree.negate'), icon: 'i-lucide-circle-slash', kbds: ['!'], onSelect: () => tree.negate(path) },
        ...(isRoot ? [] : [{ label: t('tree.extract'), icon: 'i-lucide-link', onSelect: () => tree.extract(path) }]),
      ],
      ...(isRoot
        ? []
        : [
            [
              { label: t('tree.moveUp'), icon: 'i-lucide-arrow-up', kbds: ['alt', '↑'], onSelect: () => tree.move(path, -1) },
              { label: t('tree.moveDown'), icon: 'i-lucide-arrow-down', kbds: ['alt', '↓'], onSelect: () => tree.move(path, 1) },
              { label: t('tree.duplicate'), icon: 'i-lucide-copy', kbds: ['meta', 'd'], onSelect: () => tree.duplicate(path) },
              {
                label: condition.enabled === false ? t('tree.enable') : t('tree.disable'),
                icon: condition.enabled === false ? 'i-lucide-circle-check' : 'i-lucide-circle-off',
                onSelect: () => tree.toggle(path),
              },
              {
                label: condition.comment ? t('tree.editComment') : t('tree.comment'),
                icon: 'i-lucide-message-square',
                onSelect: () => tree.askComment(path),
              },
              { label: t('tree.remove'), icon: 'i-lucide-trash-2', kbds: ['⌫'], onSelect: () => tree.remove(path) },
            ],
          ]),
    ]
  })
}
