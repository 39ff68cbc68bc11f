import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { lexicographicSortSchema, printSchema } from 'graphql'
import { schema } from './schema/index.ts'

/** `node packages/api/src/print-schema.ts` writes schema.graphql; with `--check` it only says whether it is current. */
const file = join(import.meta.dirname, '../schema.graphql')
const printed = `# Printed by packages/api/src/print-schema.ts; the console is generated from it.\n${printSchema(lexicographicSortSchema(schema))}\n`

if (process.argv.includes('--check')) {
  if (readFileSync(file, 'utf8') !== printed) {
    console.error('packages/api/schema.graphql is stale: run node packages/api/src/print-schema.ts and commit it.')
    process.exitCode = 1
  }
} else {
  writeFileSync(file, printed)
}
