import { pointer, resolvePointer, type Condition, type ConditionTrace, type LeafCondition, type TopCondition } from '@surety/engine'
import { computed, inject, nextTick, provide, ref, shallowReactive, watch, type ComputedRef, type InjectionKey, type Ref } from 'vue'
import { useI18n } from 'vue-i18n'
import { freshId, setAt } from '../draft/patch.ts'
import { useDraftEditor } from '../draft/usePolicyDraft.ts'
import { usePermission } from '../draft/usePermission.ts'
import { NEW_NAMES } from '../new-names.ts'
import * as edits from './condition-edits.ts'

/** The tree under one root: what is shown, where the reader is, and what may be done there. Paths are of the document. */
export interface RuleTree {
  readonly root: ComputedRef<edits.TreeNode | undefined>
  readonly active: Ref<string | null>
  readonly lines: ComputedRef<readonly edits.TreeNode[]>
  isOpen(path: string): boolean
  toggleOpen(path: string, isOpen?: boolean): void
  traceAt(path: string): ConditionTrace | undefined
  /** The constant that stood there in the version one started from, where it is another now. */
  before(path: string): { readonly value: unknown } | undefined
  /** Goes there; `value` opens its operand box. */
  go(path: string | null, part?: 'value'): void
  /** The place whose operand box is to open. */
  readonly opening: Ref<string | null>
  add(path: string): void
  addGroup(path: string): void
  wrap(path: string, kind: edits.Bracket): void
  unwrap(path: string): void
  negate(path: string): void
  setBracket(path: string, kind: edits.Bracket): void
  duplicate(path: string): void
  remove(path: string): void
  move(path: string, by: -1 | 1): void
  toggle(path: string): void
  change(path: string, label: string, edit: (node: Condition) => Condition, merge?: string): void
  extract(path: string): void
  /** The node whose comment is being written. */
  readonly commenting: Ref<string | null>
  askComment(path: string): void
}

const KEY: InjectionKey<RuleTree> = Symbol('rule tree')

export function useRuleTree(): RuleTree {
  const tree = inject(KEY)
  if (!tree) throw new Error('A condition is shown inside the tree of a rule.')
  return tree
}

/** `at`: JSON pointer of the root, `/steps/5/rules/1/conditions` or a named condition. */
export function provideRuleTree(at: () => string): RuleTree {
  const editor = useDraftEditor()
  const may = usePermission()
  const { t } = useI18n()

  const condition = computed(() => resolvePointer(editor.document.value, at()) as TopCondition | undefined)
  const root = computed(() => condition.value && edits.treeOf(condition.value, at()))
  const active = ref<string | null>(null)
  const opening = ref<string | null>(null)
  const closed = shallowReactive(new Set<string>())
  const isOpen = (path: string): boolean => !closed.has(path)
  const lines = computed(() => (root.value ? edits.linesOf(root.value, isOpen) : []))

  const traces = computed(() => {
    const found = new Map<string, ConditionTrace>()
    const collect = (trace: ConditionTrace): void => {
      // A named condition is traced once for each rule that asks it; the first answer is as good as the others.
      if (!found.has(trace.path)) found.set(trace.path, trace)
      trace.children?.forEach(collect)
    }
    for (const step of editor.trace.value?.trace?.steps ?? []) {
      if (step.kind === 'rules') for (const rule of step.rules) collect(rule.condition)
    }
    return found
  })

  watch(editor.focusPath, path => path !== null && path.startsWith(at()) && follow(path), { immediate: true })
  function follow(path: string): void {
    const isValue = path.endsWith('/value')
    const node = path.replace(/\/(fact|operator|value|ifMissing|condition)$/, '')
    go(node, isValue ? 'value' : undefined)
    editor.focusPath.value = null
  }

  function go(path: string | null, part?: 'value'): void {
    // What lies above has to be open for anything to be seen.
    for (const group of closed) if (path?.startsWith(`${group}/`)) closed.delete(group)
    active.value = path
    opening.value = part === 'value' ? path : null
    if (path !== null) void nextTick(() => focusNode(path))
  }

  /** Edits the tree, and goes on at the same condition wherever it is now, or at the one given. */
  function apply(
    label: string,
    edit: (root: TopCondition, path: string) => TopCondition,
    path: string,
    goTo?: Condition | null,
    merge?: string,
  ): void {
    if (!may.value.rules || !condition.value) return
    const relative = path.slice(at().length)
    const next = edit(condition.value, relative)
    const index = lines.value.findIndex(line => line.path === path)
    editor.edit(label, document => setAt(document, at(), next), merge === undefined ? {} : { merge })
    const wanted = goTo === undefined ? (resolvePointer(condition.value, relative) as Condition) : goTo
    const tree = edits.treeOf(next, at())
    const there = wanted === null ? undefined : edits.pathOf(tree, wanted)
    go(there ?? edits.linesOf(tree, isOpen)[Math.min(Math.max(index, 0), edits.linesOf(tree, isOpen).length - 1)]?.path ?? null)
  }

  /** A condition that asks something at once, of the fact next to it or the first there is. */
  function fresh(near: edits.TreeNode | undefined): LeafCondition {
    const neighbour = near && 'fact' in near.condition ? near.condition : undefined
    const fact = neighbour?.fact ?? Object.keys(editor.document.value.facts)[0] ?? ''
    const definition = editor.document.value.facts[fact]
    if (neighbour) return { fact, operator: neighbour.operator, value: neighbour.value }
    return {
      fact,
      operator: 'equal',
      value: definition?.type === 'boolean' ? true : ['string', 'enum', 'date'].includes(definition?.type ?? '') ? '' : 0,
    }
  }

  function insert(path: string, made: Condition, label: string): void {
    const node = root.value && edits.findNode(root.value, path)
    apply(
      label,
      (tree, place) => (node && edits.isGroup(node) ? edits.insertInto(tree, place, made) : edits.insertAfter(tree, place, made)),
      path,
      made,
    )
  }

  const commenting = ref<string | null>(null)
  const tree: RuleTree = {
    commenting,
    askComment: path => (commenting.value = path),
    root,
    active,
    lines,
    opening,
    isOpen,
    toggleOpen(path, open = !isOpen(path)) {
      if (open) closed.delete(path)
      else closed.add(path)
    },
    traceAt: path => traces.value.get(path),
    before(path) {
      const base = editor.base.value
      const now = resolvePointer(editor.document.value, path)
      if (!base || !isLeaf(now)) return undefined
      const place = placeInBase(path)
      const was = place === undefined ? undefined : resolvePointer(base, place)
      if (!isLeaf(was) || was.fact !== now.fact || JSON.stringify(was.value) === JSON.stringify(now.value)) return undefined
      return { value: was.value }
    },
    go,
    add(path) {
      const node = root.value && edits.findNode(root.value, path)
      const near = node && edits.isGroup(node) ? node.children.findLast(child => child.kind === 'leaf') : node
      const made = fresh(near)
      insert(path, made, t('tree.did.add'))
      if (active.value) opening.value = `${active.value}/fact`
    },
    addGroup(path) {
      const made = fresh(undefined)
      insert(path, { any: [made] }, t('tree.did.addGroup'))
    },
    wrap: (path, kind) => apply(t('tree.did.wrap'), (tree, place) => edits.wrap(tree, place, kind), path),
    unwrap(path) {
      const node = root.value && edits.findNode(root.value, path)
      apply(t('tree.did.unwrap'), edits.unwrap, path, node && edits.isGroup(node) ? (node.children[0]?.condition ?? null) : null)
    },
    negate: path => apply(t('tree.did.negate'), edits.negate, path),
    setBracket: (path, kind) => apply(t('tree.did.bracket'), (tree, place) => edits.setBracket(tree, place, kind), path, null),
    duplicate: path => apply(t('tree.did.duplicate'), edits.duplicate, path),
    remove: path => apply(t('tree.did.remove'), edits.remove, path, null),
    move: (path, by) => apply(t('tree.did.move'), (tree, place) => edits.move(tree, place, by), path),
    toggle: path => apply(t('tree.did.toggle'), edits.toggle, path, null),
    change: (path, label, edit, merge) => {
      const relative = path.slice(at().length)
      if (!condition.value) return
      const next = edits.change(condition.value, relative, edit)
      editor.edit(label, document => setAt(document, at(), next), merge === undefined ? {} : { merge })
    },
    extract(path) {
      const node = resolvePointer(editor.document.value, path) as Condition
      const names = Object.keys(editor.document.value.conditions ?? {})
      const name = freshId('condition', names)
      const named = { title: NEW_NAMES.condition, ...edits.asRoot([node]) }
      const made: Condition = { condition: name }
      const next = edits.change(condition.value!, path.slice(at().length), () => made)
      editor.edit(t('tree.did.extract'), document => setAt(setAt(document, pointer('/conditions', name), named), at(), next))
      go(path)
    },
  }
  provide(KEY, tree)
  return tree

  /** The same place in the version one started from: the rule by its id, below it by position. */
  function placeInBase(path: string): string | undefined {
    const parts = /^\/steps\/(\d+)\/rules\/(\d+)(\/.*)$/.exec(path)
    if (!parts) return path
    const step = editor.document.value.steps[Number(parts[1])]
    const rule = step?.kind === 'rules' ? step.rules[Number(parts[2])] : undefined
    const stepAt = editor.base.value?.steps.findIndex(one => one.id === step?.id) ?? -1
    const stepThere = editor.base.value?.steps[stepAt]
    const ruleAt = stepThere?.kind === 'rules' ? stepThere.rules.findIndex(one => one.id === rule?.id) : -1
    return ruleAt < 0 ? undefined : `${pointer('', 'steps', stepAt, 'rules', ruleAt)}${parts[3]}`
  }
}

const isLeaf = (node: unknown): node is LeafCondition => typeof node === 'object' && node !== null && 'fact' in node

/** Rows carry their path, so that a keystroke finds the next one without a list of elements. */
function focusNode(path: string): void {
  const row = document.querySelector<HTMLElement>(`[data-path="${CSS.escape(path)}"]`)
  if (!row || row.contains(document.activeElement)) return
  row.focus({ preventScroll: false })
  row.scrollIntoView({ block: 'nearest' })
}
