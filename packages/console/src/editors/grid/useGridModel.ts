import {
  createCellReader,
  pointer,
  type CellReader,
  type Finding,
  type Policy,
  type TableRow,
  type TableStep,
  type TableTrace,
} from '@surety/engine'
import { computed, ref, shallowRef, watch, type ComputedRef, type Ref, type ShallowRef } from 'vue'
import { useI18n } from 'vue-i18n'
import { usePolicyWords, type PolicyWords } from '../../features/policies/usePolicyWords.ts'
import { useFormat } from '../../format/useFormat.ts'
import { useText } from '../../i18n/useText.ts'
import { useDraftEditor, type DraftEditor } from '../draft/usePolicyDraft.ts'
import { stepAt } from '../step-path.ts'
import { editTextOf, lookOf, type CellLook } from './cell-text.ts'
import { columnsOf, NO_VIEW, type ColumnView, type GridColumn } from './grid-columns.ts'
import { atCell, type GridSelection } from './grid-selection.ts'
import { marksOf, type TableMarks } from './table-marks.ts'

/** Rows of one column that hold just this text, or rows that show this text anywhere. */
export interface RowFilter {
  readonly query: string
  readonly cells: ReadonlyMap<string, string>
  readonly onlyProblems: boolean
}

export const NO_FILTER: RowFilter = { query: '', cells: new Map(), onlyProblems: false }

/** One table as the grid sees it: rows as filtered, columns as shown, cells as words. */
export interface GridModel {
  readonly editor: DraftEditor
  readonly path: ComputedRef<string>
  readonly step: ComputedRef<TableStep | undefined>
  readonly policy: ComputedRef<Policy>
  readonly words: ComputedRef<PolicyWords>
  readonly reader: ComputedRef<CellReader>
  readonly columns: ComputedRef<readonly GridColumn[]>
  readonly view: ShallowRef<ColumnView>
  readonly filter: ShallowRef<RowFilter>
  /** Rows of the document in view, in their order; all of them when nothing is filtered. */
  readonly order: ComputedRef<readonly number[] | undefined>
  readonly rowCount: ComputedRef<number>
  /** May cells be typed into, may rows and columns come and go? */
  readonly canType: ComputedRef<boolean>
  readonly canBuild: ComputedRef<boolean>
  readonly selection: ShallowRef<GridSelection>
  readonly marks: ComputedRef<TableMarks>
  readonly trace: ComputedRef<TableTrace | undefined>
  readonly hits: ComputedRef<{ readonly counts: readonly number[]; readonly most: number } | undefined>
  readonly message: Ref<string>
  /** The row of the document at a row of the grid. */
  rowAt(row: number): number
  cellOf(row: TableRow | undefined, column: GridColumn): string
  lookOf(cell: string, column: GridColumn): CellLook
  readOf(text: string, column: GridColumn): { readonly text: string; readonly finding?: Finding }
  editText(cell: string, column: GridColumn): string
  say(message: string): void
  select(selection: GridSelection): void
  show(view: ColumnView): void
  filterBy(filter: RowFilter): void
}

export function useGridModel(path: () => string): GridModel {
  const editor = useDraftEditor()
  const { t, te } = useI18n()
  const text = useText()
  const format = useFormat()

  const step = computed(() => stepAt(editor.document.value, path(), 'table'))
  // What cells are read and shown by. Stays the same object while rows change, so that columns and words do too.
  const shape = computed<Shape>(before => {
    const { facts, outputs, lists } = editor.document.value
    const { inputs = [], outputs: columnsOut = [] } = step.value ?? {}
    const isSame =
      before?.facts === facts &&
      before.outputs === outputs &&
      before.lists === lists &&
      before.inputs === inputs &&
      before.columnsOut === columnsOut
    return isSame ? before : { ...editor.document.value, steps: [], inputs, columnsOut }
  })
  const table = computed(() => ({ inputs: shape.value.inputs, outputs: shape.value.columnsOut }))
  const words = usePolicyWords(shape)
  const reader = computed(() => createCellReader(shape.value, table.value))

  const view = shallowRef<ColumnView>(NO_VIEW)
  const viewKey = computed(() => `surety.columns.${editor.document.value.id}.${step.value?.id ?? ''}`)
  watch(viewKey, key => (view.value = storedView(key)), { immediate: true })
  watch(view, next => localStorage.setItem(viewKey.value, JSON.stringify(next)))

  const columns = computed(() =>
    columnsOf(
      shape.value,
      { kind: 'table', id: '', hitPolicy: 'U', rows: [], ...table.value },
      {
        label: (_, given, side, index) =>
          side === 'when'
            ? words.value.input(given, index)
            : text(given.outputs[index]?.label) || words.value.name(given.outputs[index]?.name ?? ''),
        unit: (definition, type) =>
          definition?.currency ??
          (definition?.unit && te(`grid.unit.${definition.unit}`) ? t(`grid.unit.${definition.unit}`) : type ? t(`grid.type.${type}`) : ''),
        note: t('policy.note'),
      },
      view.value,
    ),
  )
  const marks = computed(() => marksOf(editor.findings.value, path()))

  const filter = shallowRef<RowFilter>(NO_FILTER)
  const order = computed(() => {
    const { query, cells, onlyProblems } = filter.value
    const rows = step.value?.rows ?? []
    if (query === '' && cells.size === 0 && !onlyProblems) return undefined
    const wanted = query.toLowerCase()
    const filtered = columns.value.filter(({ key }) => cells.has(key))
    const found: number[] = []
    for (const [at, row] of rows.entries()) {
      if (onlyProblems && !marks.value.rows.has(at)) continue
      if (!filtered.every(column => cellOf(row, column) === cells.get(column.key))) continue
      if (wanted !== '' && !columns.value.some(column => look(cellOf(row, column), column).text.toLowerCase().includes(wanted))) continue
      found.push(at)
    }
    return found
  })
  const rowCount = computed(() => order.value?.length ?? step.value?.rows.length ?? 0)

  // Few cells are different from all others; what one looks like is found once for all of its kind.
  const looks = computed(() => {
    void words.value
    void reader.value
    return new Map<string, Map<string, CellLook>>()
  })
  function look(cell: string, column: GridColumn): CellLook {
    let known = looks.value.get(column.key)
    if (!known) looks.value.set(column.key, (known = new Map()))
    let found = known.get(cell)
    if (!found) {
      const isUnread = read(cell, column).finding?.severity === 'error'
      const number = (digits: string): string => (digits.replace(/\D/g, '').length > 15 ? digits : format.value.number(Number(digits), 6))
      known.set(cell, (found = lookOf(cell, column, isUnread, words.value, number)))
    }
    return found
  }
  function read(given: string, { side, index }: GridColumn): { readonly text: string; readonly finding?: Finding } {
    if (side === 'note') return { text: given }
    return side === 'when' ? reader.value.input(index, given) : reader.value.output(index, given)
  }

  const hits = computed(() => {
    const known = editor.hits.value
    if (!known || !step.value) return undefined
    const counts = step.value.rows.map((_, at) => known.get(pointer(path(), 'rows', at)) ?? 0)
    return { counts, most: counts.reduce((most, count) => Math.max(most, count), 0) }
  })
  const message = ref('')
  const canType = computed(() => editor.right.value !== 'none')

  const selection = shallowRef(atCell(0, 0))

  return {
    editor,
    path: computed(path),
    step,
    policy: shape,
    words,
    reader,
    columns,
    view,
    filter,
    order,
    rowCount,
    canType,
    canBuild: computed(() => editor.right.value === 'rules' || editor.right.value === 'everything'),
    selection,
    marks,
    trace: computed(() => {
      const found = editor.trace.value?.trace?.steps.find(one => one.path === path())
      return found?.kind === 'table' ? found : undefined
    }),
    hits,
    message,
    rowAt: row => order.value?.[row] ?? row,
    cellOf,
    lookOf: look,
    readOf: read,
    editText: (cell, column) => editTextOf(cell, column, words.value, given => read(given, column)),
    // Said again, it is heard again.
    select: next => (selection.value = next),
    show: next => (view.value = next),
    filterBy: next => (filter.value = next),
    say: next => (message.value = next === message.value ? `${next} ` : next),
  }
}

type Shape = Policy & { readonly inputs: TableStep['inputs']; readonly columnsOut: TableStep['outputs'] }

function cellOf(row: TableRow | undefined, { side, index }: GridColumn): string {
  if (!row) return ''
  if (side === 'note') return row.comment ?? ''
  return row[side][index] ?? ''
}

function storedView(key: string): ColumnView {
  try {
    const { widths, hidden, frozen } = JSON.parse(localStorage.getItem(key) ?? 'null') as ColumnView
    return { widths, hidden, frozen }
  } catch {
    return NO_VIEW
  }
}
