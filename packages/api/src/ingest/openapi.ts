import { RECORD_KINDS, recordFields, type RecordField, type RecordKind } from '@surety/store'
import { CREDIT_CHECK_CANCEL_DOOR, CREDIT_CHECK_DOOR, CREDIT_CHECK_SCHEMAS } from './credit-check-openapi.ts'
import { EXTRACT_EXAMPLE, RATES_EXAMPLE, RECORD_EXAMPLES } from './examples.ts'
import { MAX_RECORDS } from './records.ts'

/** The OpenAPI document of `/v1`; what records may hold comes from the fields that their kinds know. */
export function openApiDocument(): object {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Surety ingestion',
      version: '1',
      description:
        'How ERP systems and scripts bring customers, documents, payments and what they know of companies, ask for order checks and reconcile. Everything else is GraphQL at /graphql.',
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
      ...Object.fromEntries(RECORD_KINDS.map(kind => [`/v1/${kind}`, { post: recordDoor(kind) }])),
      '/v1/orders/{number}/close': { post: closingDoor('Closes an order: called off, or declared complete') },
      '/v1/orders/{number}/reopen': { post: closingDoor('Opens an order again; it is checked as a new one, and held if it does not pass') },
      '/v1/reconciliations': { post: RECONCILIATION_DOOR },
      '/v1/exchange-rates': { post: RATES_DOOR },
      '/v1/credit-checks': {
        post: {
          ...CREDIT_CHECK_DOOR,
          parameters: [SEGMENT, SOURCE, ...CREDIT_CHECK_DOOR.parameters],
          responses: { ...CREDIT_CHECK_DOOR.responses, ...REFUSALS },
        },
      },
      '/v1/credit-checks/{orderNumber}': {
        delete: {
          ...CREDIT_CHECK_CANCEL_DOOR,
          parameters: [SEGMENT, SOURCE, ...CREDIT_CHECK_CANCEL_DOOR.parameters],
          responses: { ...CREDIT_CHECK_CANCEL_DOOR.responses, ...REFUSALS },
        },
      },
    },
    components: {
      securitySchemes: { apiKey: { type: 'http', scheme: 'bearer' }, session: { type: 'apiKey', in: 'cookie', name: '__Host-surety' } },
      schemas: {
        Import: IMPORT,
        Problem: PROBLEM,
        ...CREDIT_CHECK_SCHEMAS,
        ...Object.fromEntries(RECORD_KINDS.map(kind => [kind, recordSchema(kind)])),
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
    counts: {
      type: ['object', 'null'],
      description:
        'rows, new, changed, same, wrong, newCustomers, mergedNames, totals; for records, of those that are the same also repeated and superseded',
    },
    error: { type: ['object', 'null'] },
    errors: { type: 'array', items: ISSUE, description: 'Only for records: the first thousand.' },
    errorCount: { type: 'integer' },
    checks: {
      type: 'array',
      description: 'Checks of orders that were opened again: line, orderNumber, action, holdId.',
      items: { type: 'object' },
    },
    lines: {
      type: 'array',
      description: 'With ?lines=all.',
      items: {
        type: 'object',
        properties: {
          line: { type: 'integer' },
          number: { type: ['string', 'null'] },
          state: { enum: ['new', 'changed', 'same', 'repeat', 'superseded', 'wrong'] },
        },
      },
    },
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

const KEY = {
  name: 'Idempotency-Key',
  in: 'header',
  required: true,
  description: 'The same key and body again get the same answer.',
  schema: { type: 'string', maxLength: 200 },
}
const REUSED = { description: 'The key was used for another body' }

function recordDoor(kind: RecordKind): object {
  const record = { $ref: `#/components/schemas/${kind}` }
  const example = RECORD_EXAMPLES[kind]
  return {
    summary: `Brings ${kind.replace('-', ' ')}: up to ${MAX_RECORDS} records`,
    description:
      'Lines that are right are applied, in one transaction; the answer says which were not, why, and what would be right. Lines may come in any order, more than once, and after newer versions of themselves (sequence): the book ends up the same. A record is told whole each time.',
    parameters: [SEGMENT, SOURCE, KEY, query('lines', { enum: ['all'] }, 'Says what came of every line.')],
    requestBody: {
      required: true,
      content: {
        'application/json': { schema: { type: 'array', maxItems: MAX_RECORDS, items: record }, example },
        'application/x-ndjson': { schema: record, example: example.map(line => JSON.stringify(line)).join('\n') },
      },
    },
    responses: { 200: answer('What came of it', 'Import'), 409: REUSED, ...REFUSALS },
  }
}

function closingDoor(summary: string): object {
  return {
    summary,
    parameters: [{ name: 'number', in: 'path', required: true, schema: { type: 'string' }, example: 'SO-1001' }, SEGMENT, SOURCE, KEY],
    requestBody: {
      content: {
        'application/json': {
          schema: { type: 'object', properties: { on: { type: 'string', format: 'date' } } },
          example: { on: '2026-03-20' },
        },
      },
    },
    responses: { 200: answer('What came of it', 'Import'), 409: REUSED, ...REFUSALS },
  }
}

const DECIMAL = { type: 'string', pattern: '^-?\\d+(\\.\\d+)?$' }
const RECONCILIATION_DOOR = {
  summary: 'Holds a full extract of open items against the book',
  description:
    'What is missing here, missing there, and open with another amount, by document, customer and in total; kept as a report. Up to 200,000 items.',
  parameters: [SEGMENT, SOURCE],
  requestBody: {
    required: true,
    content: {
      'application/json': {
        schema: {
          type: 'object',
          required: ['items'],
          properties: {
            asOf: { type: 'string', format: 'date' },
            items: {
              type: 'array',
              items: {
                type: 'object',
                required: ['type', 'number', 'customerNumber', 'currency', 'openAmount'],
                properties: {
                  type: { enum: ['order', 'delivery', 'invoice', 'credit-note', 'payment', 'bill'] },
                  number: { type: 'string' },
                  customerNumber: { type: 'string' },
                  currency: { type: 'string' },
                  openAmount: DECIMAL,
                },
              },
            },
          },
        },
        example: EXTRACT_EXAMPLE,
      },
    },
  },
  responses: {
    200: {
      description: 'The report',
      content: {
        'application/json': {
          schema: {
            type: 'object',
            properties: {
              id: { type: 'string' },
              asOf: { type: 'string' },
              findingCount: { type: 'integer' },
              counts: { type: 'object' },
              totals: { type: 'array', items: { type: 'object' } },
              findings: { type: 'array', description: 'The first thousand; the rest by GraphQL.', items: { type: 'object' } },
            },
          },
        },
      },
    },
    ...REFUSALS,
  },
}

const RATES_DOOR = {
  summary: 'Brings exchange rates: up to 10000',
  description:
    'A newer word on the same pair and day takes the place of the earlier one. Pairs that are not told go through the euro, or another currency.',
  requestBody: {
    required: true,
    content: {
      'application/json': {
        schema: {
          type: 'array',
          items: {
            type: 'object',
            required: ['from', 'to', 'on', 'rate'],
            properties: {
              from: { type: 'string' },
              to: { type: 'string' },
              on: { type: 'string', format: 'date' },
              rate: { ...DECIMAL, description: 'The price of one unit of from.' },
              source: { type: 'string', default: 'manual' },
            },
          },
        },
        example: RATES_EXAMPLE,
      },
      'text/csv': {
        schema: {
          type: 'string',
          description: 'As the European Central Bank gives them: a column Date, then one for each currency, against the euro.',
        },
        example: 'Date,USD,CNY\n2026-03-03,1.0871,7.8514\n2026-03-02,1.0825,7.8421\n',
      },
    },
  },
  responses: {
    200: {
      description: 'How many were new or other than before',
      content: {
        'application/json': { schema: { type: 'object', properties: { rates: { type: 'integer' }, changed: { type: 'integer' } } } },
      },
    },
    ...REFUSALS,
  },
}

function recordSchema(kind: RecordKind): object {
  const fields = recordFields(kind)
  return {
    type: 'object',
    additionalProperties: false,
    required: fields.filter(({ isRequired }) => isRequired).map(({ key }) => key),
    properties: Object.fromEntries(fields.map(field => [field.key, { ...jsonType(field), description: field.description.en }])),
    example: RECORD_EXAMPLES[kind][0],
  }
}

function jsonType({ type, choices, most }: RecordField): object {
  switch (type) {
    case 'identifier':
    case 'text':
      return { type: 'string', ...(most !== undefined && { maxLength: most }) }
    case 'date':
      return { type: 'string', format: 'date' }
    case 'amount':
      return { type: 'string', pattern: '^-?\\d+(\\.\\d+)?$' }
    case 'currency':
      return { type: 'string', pattern: '^[A-Z]{3}$' }
    case 'flag':
      return { type: 'boolean' }
    case 'country':
      return { type: 'string', pattern: '^[A-Z]{2}$' }
    case 'integer':
      return { type: 'integer', minimum: 0, ...(most !== undefined && { maximum: most }) }
    case 'number':
      return { type: 'number', minimum: 0, ...(most !== undefined && { maximum: most }) }
    case 'choice':
      return { enum: choices }
    case 'names':
      return { type: 'array', maxItems: 50, items: { type: 'string' } }
    case 'claims':
      return {
        type: 'array',
        items: {
          type: 'object',
          required: ['invoiceNumber'],
          properties: { invoiceNumber: { type: 'string' }, amount: { type: 'string' }, appliedOn: { type: 'string', format: 'date' } },
        },
      }
  }
}

function query(name: string, schema: object, description: string): object {
  return { name, in: 'query', schema, description }
}

function answer(description: string, schema: string): object {
  return { description, content: { 'application/json': { schema: { $ref: `#/components/schemas/${schema}` } } } }
}
