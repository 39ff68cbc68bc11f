import { importFields, type ImportField } from '@surety/store'
import { CREDIT_CHECK_DOOR, CREDIT_CHECK_SCHEMAS } from './credit-check-openapi.ts'
import { MAX_RECORDS, RECORD_DOORS } from './records.ts'

/** The OpenAPI document of `/v1`; what records may hold comes from the fields that imports know. */
export function openApiDocument(): object {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Surety ingestion',
      version: '1',
      description:
        'How ERP systems and scripts bring customers, orders, invoices, payments and credit notes. Everything else is GraphQL at /graphql.',
    },
    security: [{ apiKey: [] }, { session: [] }],
    paths: {
      '/v1/imports': { post: FILE_DOOR },
      '/v1/imports/{id}': {
        get: { summary: 'How far an import is', parameters: [ID], responses: { 200: answer('The import', 'Import'), ...REFUSALS } },
      },
      '/v1/imports/{id}/errors.csv': {
        get: {
          summary: 'The rows that were wrong, as CSV',
          parameters: [ID, query('language', { enum: ['en', 'zh-CN'] }, 'Else as Accept-Language says.')],
          responses: { 200: { description: 'row, column, code, message, value', content: { 'text/csv': {} } }, ...REFUSALS },
        },
      },
      ...Object.fromEntries(Object.keys(RECORD_DOORS).map(path => [`/v1/${path}`, { post: recordDoor(path) }])),
      '/v1/credit-checks': {
        post: {
          ...CREDIT_CHECK_DOOR,
          parameters: [SEGMENT, SOURCE, ...CREDIT_CHECK_DOOR.parameters],
          responses: { ...CREDIT_CHECK_DOOR.responses, ...REFUSALS },
        },
      },
    },
    components: {
      securitySchemes: { apiKey: { type: 'http', scheme: 'bearer' }, session: { type: 'apiKey', in: 'cookie', name: '__Host-surety' } },
      schemas: {
        Import: IMPORT,
        Problem: PROBLEM,
        ...CREDIT_CHECK_SCHEMAS,
        ...Object.fromEntries(Object.entries(RECORD_DOORS).map(([path, kind]) => [path, recordSchema(importFields(kind))])),
      },
    },
  }
}

const ID = { name: 'id', in: 'path', required: true, schema: { type: 'string' } }
const TEXT = { type: 'object', properties: { en: { type: 'string' }, zh: { type: 'string' } } }
const ISSUE = {
  type: 'object',
  properties: {
    row: { type: 'integer' },
    column: { type: ['string', 'null'] },
    code: { type: 'string' },
    message: TEXT,
    value: { type: ['string', 'null'] },
  },
}
const IMPORT = {
  type: 'object',
  properties: {
    id: { type: 'string' },
    status: { enum: ['uploaded', 'staging', 'ready', 'applying', 'applied', 'cancelled', 'failed'] },
    kind: { type: ['string', 'null'] },
    segment: { type: 'string' },
    fileName: { type: 'string' },
    rowsTotal: { type: ['integer', 'null'] },
    rowsDone: { type: 'integer' },
    counts: { type: ['object', 'null'], description: 'rows, new, changed, same, wrong, newCustomers, mergedNames, totals' },
    error: { type: ['object', 'null'] },
    errors: { type: 'array', items: ISSUE, description: 'Only for records: the first hundred.' },
    errorCount: { type: 'integer' },
    version: { type: 'integer' },
  },
}
const PROBLEM = {
  type: 'object',
  properties: { status: { type: 'integer' }, code: { type: 'string' }, title: { type: 'string' }, text: TEXT },
}
const REFUSALS = Object.fromEntries(
  (
    [
      ['400', 'Not well formed'],
      ['401', 'Who are you?'],
      ['403', 'Not allowed in this segment'],
      ['404', 'Not there'],
      ['413', 'Too large'],
      ['503', 'Come back later'],
    ] as const
  ).map(([status, description]) => [
    status,
    { description, content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } } },
  ]),
)
const SEGMENT = query('segment', { type: 'string' }, 'Id of the segment; may be left out by who has only one.')
const SOURCE = query(
  'source',
  { type: 'string', default: 'file' },
  'The books that the numbers come from: the same number in other books is another document.',
)

const FILE_DOOR = {
  summary: 'Brings a file: CSV or XLSX, up to 512 MB',
  parameters: [
    SEGMENT,
    SOURCE,
    query('kind', { enum: ['customers', 'invoices', 'payments', 'credit_notes', 'orders', 'statements'] }, 'Detected when left out.'),
    { name: 'X-File-Name', in: 'header', description: 'Percent-encoded; not for forms.', schema: { type: 'string' } },
  ],
  requestBody: {
    required: true,
    content: {
      'application/octet-stream': { schema: { type: 'string', format: 'binary' } },
      'multipart/form-data': { schema: { type: 'object', properties: { file: { type: 'string', format: 'binary' } } } },
    },
  },
  responses: { 201: answer('Taken in; it is being read', 'Import'), ...REFUSALS },
}

function recordDoor(path: string): object {
  const record = { $ref: `#/components/schemas/${path}` }
  return {
    summary: `Brings ${path.replace('-', ' ')}: up to ${MAX_RECORDS} records`,
    description:
      'Records that are right are applied, in one transaction; the answer says which were not. Records known already change nothing.',
    parameters: [
      SEGMENT,
      SOURCE,
      {
        name: 'Idempotency-Key',
        in: 'header',
        required: true,
        description: 'The same key and body again get the same answer.',
        schema: { type: 'string', maxLength: 200 },
      },
    ],
    requestBody: {
      required: true,
      content: {
        'application/json': { schema: { type: 'array', maxItems: MAX_RECORDS, items: record } },
        'application/x-ndjson': { schema: record },
      },
    },
    responses: { 200: answer('What came of it', 'Import'), 409: { description: 'The key was used for another body' }, ...REFUSALS },
  }
}

function recordSchema(fields: readonly ImportField[]): object {
  return {
    type: 'object',
    additionalProperties: false,
    required: fields.filter(({ isRequired }) => isRequired).map(({ key }) => key),
    properties: Object.fromEntries(
      fields.map(({ key, type, label, description }) => [
        key,
        { ...JSON_TYPES[type], title: label.en, ...(description && { description: description.en }) },
      ]),
    ),
  }
}

const JSON_TYPES: Readonly<Record<ImportField['type'], object>> = {
  identifier: { type: 'string' },
  text: { type: 'string' },
  date: { type: 'string', format: 'date' },
  amount: { type: 'string', pattern: '^-?\\d+(\\.\\d+)?$' },
  currency: { type: 'string', pattern: '^[A-Z]{3}$' },
  flag: { type: 'boolean' },
  country: { type: 'string', pattern: '^[A-Z]{2}$' },
  integer: { type: 'integer' },
}

function query(name: string, schema: object, description: string): object {
  return { name, in: 'query', schema, description }
}

function answer(description: string, schema: string): object {
  return { description, content: { 'application/json': { schema: { $ref: `#/components/schemas/${schema}` } } } }
}
