import { sep } from 'node:path'
import type { Text } from '@surety/engine'
import type { CheckedFile } from './check-files.ts'

const LEVELS = { error: 'error', warning: 'warning', info: 'note' } as const

/** Findings in SARIF 2.1.0, as code hosts show them beside the lines. */
export function sarif(files: readonly CheckedFile[], text: (message: Text) => string): object {
  const codes = [...new Set(files.flatMap(({ findings }) => findings.map(({ code }) => code)))].toSorted()
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'surety', rules: codes.map(id => ({ id })) } },
        results: files.flatMap(({ file, findings }) =>
          findings.map(({ code, severity, path, message, line }) => ({
            ruleId: code,
            ruleIndex: codes.indexOf(code),
            level: LEVELS[severity],
            message: { text: text(message) },
            locations: [
              {
                physicalLocation: { artifactLocation: { uri: file.replaceAll(sep, '/') }, region: { startLine: line } },
                logicalLocations: [{ fullyQualifiedName: path }],
              },
            ],
          })),
        ),
      },
    ],
  }
}
