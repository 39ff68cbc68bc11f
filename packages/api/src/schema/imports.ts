import {
  approveImport,
  cancelImport,
  configureImport,
  findImport,
  IMPORT_KINDS,
  importErrors,
  importFields,
  listImports,
  requestImport,
  type Import,
  type ImportChange,
  type ImportCounts,
  type ImportError,
  type ImportField,
  type ImportFormat,
  type ImportStatus,
  type Result,
  type Tx,
} from '@surety/store'
import { z } from 'zod'
import { includesSegment, segmentsOf } from '../auth/scopes.ts'
import { builder } from '../builder.ts'
import { NotAllowed, parseInput, valueOf, words } from '../errors.ts'
import { enumOf } from './enums.ts'
import { outcomesOf } from './errors.ts'
import { existingId, segmentIdOf, withoutNulls } from './inputs.ts'
import { ASKED, connectionOf } from './pages.ts'
import { SegmentType, UserType } from './people.ts'
import { MoneyType, TextType } from './values.ts'

const ImportKindEnum = enumOf('ImportKind', IMPORT_KINDS)
const ImportStatusEnum = enumOf<ImportStatus>('ImportStatus', [
  'uploaded',
  'staging',
  'ready',
  'applying',
  'applied',
  'cancelled',
  'failed',
])

const ImportFormatType = builder.objectRef<ImportFormat>('ImportFormat').implement({
  description: 'How the file is read: what was chosen, and what was detected where nothing was.',
  authScopes: { can: 'import.read' },
  fields: t => ({
    kind: t.string({ description: 'csv or xlsx.', resolve: ({ kind }) => kind ?? 'csv' }),
    encoding: t.string({ nullable: true, resolve: ({ encoding }) => encoding }),
    delimiter: t.string({ nullable: true, resolve: ({ delimiter }) => delimiter }),
    dateFormat: t.string({ nullable: true, resolve: ({ dateFormat }) => dateFormat }),
    decimalSeparator: t.string({ nullable: true, resolve: ({ decimalSeparator }) => decimalSeparator }),
    sheet: t.string({ nullable: true, resolve: ({ sheet }) => sheet }),
    sheets: t.stringList({ nullable: true, resolve: ({ sheets }) => sheets && [...sheets] }),
    headerRow: t.int({ nullable: true, description: 'The row that the header was found in.', resolve: ({ headerRow }) => headerRow }),
  }),
})

const ImportFieldType = builder.objectRef<ImportField>('ImportField').implement({
  authScopes: { can: 'import.read' },
  fields: t => ({
    key: t.exposeString('key'),
    label: t.expose('label', { type: TextType }),
    required: t.exposeBoolean('isRequired'),
    description: t.field({ type: TextType, nullable: true, resolve: ({ description }) => description }),
  }),
})

const ImportCountsType = builder.objectRef<ImportCounts>('ImportCounts').implement({
  authScopes: { can: 'import.read' },
  fields: t => ({
    rows: t.exposeInt('rows'),
    new: t.exposeInt('new'),
    changed: t.exposeInt('changed'),
    same: t.exposeInt('same'),
    wrong: t.exposeInt('wrong'),
    newCustomers: t.exposeInt('newCustomers'),
    mergedNames: t.exposeInt('mergedNames', { description: 'Customers that gain a spelling of their name.' }),
    totals: t.field({ type: [MoneyType], description: 'Of all rows that are right.', resolve: ({ totals }) => [...totals] }),
  }),
})

const ImportChangeType = builder.objectRef<ImportChange>('ImportChange').implement({
  authScopes: { can: 'import.read' },
  fields: t => ({
    kind: t.exposeString('kind', { description: 'new, changed, customer or settlement.' }),
    row: t.exposeInt('row'),
    key: t.exposeString('key'),
    before: t.field({ type: 'JSON', nullable: true, resolve: ({ before }) => before }),
    after: t.field({ type: 'JSON', nullable: true, resolve: ({ after }) => after }),
  }),
})

const ImportErrorType = builder.objectRef<ImportError>('ImportError').implement({
  authScopes: { can: 'import.read' },
  fields: t => ({
    row: t.exposeInt('row'),
    column: t.exposeString('column', { nullable: true }),
    code: t.exposeString('code'),
    message: t.expose('message', { type: TextType }),
    value: t.exposeString('value', { nullable: true }),
  }),
})
const ImportErrorConnection = builder.connectionObject(
  { type: ImportErrorType, name: 'ImportErrorConnection', ...ASKED },
  { name: 'ImportErrorEdge', ...ASKED },
)

const ImportType = builder.objectRef<Import>('Import').implement({
  authScopes: { can: 'import.read' },
  fields: t => ({
    id: t.exposeID('id'),
    fileName: t.exposeString('fileName'),
    kind: t.expose('kind', { type: ImportKindEnum, nullable: true, description: 'Null until it is detected or chosen.' }),
    segment: t.field({ type: SegmentType, resolve: async ({ segmentId }, _args, { load }) => (await load.segment.load(segmentId))! }),
    status: t.expose('status', { type: ImportStatusEnum }),
    format: t.expose('format', { type: ImportFormatType }),
    columns: t.stringList({ resolve: ({ columns }) => [...columns] }),
    mapping: t.field({ type: 'JSON', description: 'Field → column.', resolve: ({ mapping }) => mapping }),
    fields: t.field({
      type: [ImportFieldType],
      description: 'Fields that this kind knows.',
      resolve: ({ kind }) => (kind === null ? [] : [...importFields(kind)]),
    }),
    sample: t.field({
      type: t.listRef(t.listRef('String', { nullable: true })),
      description: 'The first rows, as read.',
      resolve: ({ sample }) => sample.map(row => [...row]),
    }),
    counts: t.expose('counts', { type: ImportCountsType, nullable: true }),
    changes: t.field({
      type: [ImportChangeType],
      description: 'What applying would do, a few rows of each sort.',
      resolve: ({ changes }) => [...changes],
    }),
    rowsTotal: t.exposeInt('rowsTotal', { nullable: true }),
    rowsDone: t.exposeInt('rowsDone'),
    errors: t.connection(
      {
        type: ImportErrorType,
        description: 'In the order of the file.',
        resolve: async ({ id }, page, { read }) => connectionOf(await read('import.read', tx => importErrors(tx, id, page))),
      },
      ImportErrorConnection,
    ),
    error: t.field({
      type: TextType,
      nullable: true,
      description: 'Why it can’t be read, or what has to be chosen first.',
      resolve: ({ error }) => error?.message,
    }),
    createdBy: t.field({
      type: UserType,
      nullable: true,
      resolve: ({ createdBy }, _args, { load }) => (createdBy === null ? null : load.user.load(createdBy)),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    appliedAt: t.expose('appliedAt', { type: 'DateTime', nullable: true }),
    version: t.exposeInt('version'),
  }),
})
const ImportConnection = builder.connectionObject(
  { type: ImportType, name: 'ImportConnection', ...ASKED },
  { name: 'ImportEdge', ...ASKED },
)

builder.queryFields(t => ({
  imports: t.connection(
    {
      type: ImportType,
      description: 'Newest first.',
      authScopes: { can: 'import.read' },
      resolve: async (_root, page, { read }) => connectionOf(await read('import.read', tx => listImports(tx, page))),
    },
    ImportConnection,
  ),
  import: t.field({
    type: ImportType,
    nullable: true,
    authScopes: { can: 'import.read' },
    args: { id: t.arg.id({ required: true }) },
    resolve: (_root, { id }, { read }) => read('import.read', tx => findImport(tx, id)),
  }),
}))

const ImportFormatInput = builder.inputType('ImportFormatInput', {
  fields: t => ({ encoding: t.string(), delimiter: t.string(), dateFormat: t.string(), decimalSeparator: t.string(), sheet: t.string() }),
})
const ConfigureImportInput = builder.inputType('ConfigureImportInput', {
  fields: t => ({
    id: t.id({ required: true }),
    version: t.int({ required: true }),
    kind: t.field({ type: ImportKindEnum, required: true }),
    segment: t.id({ required: true }),
    format: t.field({ type: ImportFormatInput }),
    mapping: t.field({ type: 'JSON', required: true }),
  }),
})

const Mapping = z.object({
  mapping: z.record(z.string(), z.string(), words('The mapping says for each field the name of its column.', '映射应为每个字段指定列名。')),
})

builder.mutationFields(t => ({
  configureImport: t.field({
    type: ImportType,
    description: 'Chooses or corrects kind, format and mapping, and reads the file again.',
    authScopes: { can: 'import.write' },
    errors: outcomesOf('Import'),
    args: { input: t.arg({ type: ConfigureImportInput, required: true }) },
    resolve: async (_root, { input }, { viewer, write }) => {
      const { mapping } = parseInput(Mapping, { mapping: input.mapping })
      const id = existingId(input.id)
      const segmentId = segmentIdOf(input.segment)
      if (!includesSegment(segmentsOf(viewer!.grants, 'import.write'), segmentId)) throw new NotAllowed()
      // What the words of the format may be, the store knows and says.
      const format = input.format ? (withoutNulls(input.format) as ImportFormat) : {}
      return valueOf(
        await write('import.write', async tx =>
          andRequest(tx, await configureImport(tx, { id, version: input.version, kind: input.kind, segmentId, format, mapping }), 'stage'),
        ),
      )
    },
  }),
  applyImport: t.field({
    type: ImportType,
    authScopes: { can: 'import.write' },
    errors: outcomesOf('Import'),
    args: { id: t.arg.id({ required: true }), version: t.arg.int({ required: true }) },
    resolve: async (_root, { id, version }, { write }) => {
      const known = existingId(id)
      return valueOf(await write('import.write', async tx => andRequest(tx, await approveImport(tx, { id: known, version }), 'apply')))
    },
  }),
  cancelImport: t.field({
    type: ImportType,
    authScopes: { can: 'import.write' },
    errors: outcomesOf('Import'),
    args: { id: t.arg.id({ required: true }) },
    resolve: async (_root, { id }, { write }) => {
      const known = existingId(id)
      return valueOf(await write('import.write', tx => cancelImport(tx, known)))
    },
  }),
}))

// Asked for in the same transaction: there is no moment at which it is wanted and nobody knows.
async function andRequest(tx: Tx, result: Result<Import>, step: 'stage' | 'apply'): Promise<Result<Import>> {
  if (result.kind === 'ok') await requestImport(tx, result.value, step)
  return result
}
