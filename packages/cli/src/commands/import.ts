import { createReadStream, existsSync, statSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { basename } from 'node:path'
import {
  applyImport,
  asActor,
  cancelImport,
  createImport,
  errorsCsv,
  IMPORT_KINDS,
  importErrors,
  importFields,
  stageImport,
  SYSTEM,
  type Import,
  type ImportError,
  type ImportFormat,
  type ImportKind,
  type ImportProgress,
} from '@surety/store'
import { EXIT, textOption, UsageError, type Command, type Options } from '../command.ts'
import { findSegment } from '../segment.ts'
import type { Session } from '../session.ts'

export const importCommand: Command = {
  name: 'import',
  summary: 'Bring a CSV file or workbook into the book; rows that are wrong are told and left out.',
  describe: command =>
    command
      .argument('<file>', 'CSV or XLSX; - reads standard input')
      .option('--kind <kind>', `what the file holds: ${IMPORT_KINDS.join(', ')} (default: detected)`)
      .option('--segment <code>', 'business segment that it belongs to')
      .option('--map <field=column>', 'take a field from a column; may be repeated', (value: string, before: readonly string[] = []) => [
        ...before,
        value,
      ])
      .option('--date-format <format>', 'M/D/YYYY or D/M/YYYY, where the file does not decide')
      .option('--decimal-separator <character>', '. or , where the file does not decide')
      .option('--encoding <name>', 'utf-8, utf-16le, utf-16be, gb18030, windows-1252 (default: detected)')
      .option('--delimiter <character>', 'of a CSV file (default: detected)')
      .option('--sheet <name>', 'of a workbook (default: the first)')
      .option('--source <name>', 'the books that the numbers come from', 'file')
      .option('--errors <file>', 'write the wrong rows to this CSV file')
      .option('--dry-run', 'show what would change, and change nothing'),
  async run(session, [file = ''], options) {
    const content = openFile(file)
    const kind = kindOption(options)
    const { sql } = session
    const stop = new AbortController()
    const onInterrupt = (): void => stop.abort(new Error('Interrupted; nothing was changed.'))
    process.once('SIGINT', onInterrupt)
    const run = { signal: stop.signal, onProgress: (progress: ImportProgress) => session.progress(describeProgress(progress)) }
    let id: string | undefined
    try {
      const created = await asActor(sql, SYSTEM, async tx => {
        const segment = await findSegment(tx, textOption(options, 'segment'))
        return createImport(tx, {
          fileName: file === '-' ? 'stdin' : basename(file),
          segmentId: segment.id,
          content,
          mapping: mappingOption(options, kind),
          format: formatOption(options),
          source: textOption(options, 'source') ?? 'file',
          ...(kind && { kind }),
        })
      })
      id = created.id
      const staged = await stageImport(sql, SYSTEM, created.id, run)
      const isReady = staged.status === 'ready'
      if (isReady && options['dryRun'] === true) await asActor(sql, SYSTEM, tx => cancelImport(tx, created.id))
      const done = isReady && options['dryRun'] !== true ? await applyImport(sql, SYSTEM, created.id, run) : staged
      return await tell(session, done, options)
    } catch (error) {
      if (stop.signal.aborted && id !== undefined) await withdraw(session, id)
      throw error
    } finally {
      process.off('SIGINT', onInterrupt)
    }
  },
}

// Nobody else works on it, so whoever looks at it next ends it: that is us.
async function withdraw({ sql }: Session, id: string): Promise<void> {
  await asActor(sql, SYSTEM, tx => cancelImport(tx, id))
  await stageImport(sql, SYSTEM, id)
}

async function tell(session: Session, done: Import, options: Options): Promise<(typeof EXIT)['ok' | 'findings']> {
  const errors = await asActor(session.sql, SYSTEM, tx => importErrors(tx, done.id, { first: 20 }))
  const errorsFile = textOption(options, 'errors')
  if (errorsFile !== undefined && (done.counts?.wrong ?? 0) > 0) {
    await asActor(session.sql, SYSTEM, async tx => writeFile(errorsFile, errorsCsv(tx, done.id, session.language)))
  }
  const { id, kind, status, mapping, format, counts, error } = done
  const isDry = status === 'ready'
  session.answer(
    {
      id,
      kind,
      status: isDry ? 'dry-run' : status,
      mapping,
      format,
      counts,
      error,
      ...(isDry && { changes: done.changes }),
      errors: errors.edges.map(({ node }) => node),
      errorCount: errors.totalCount,
    },
    () => [
      ...(error ? [session.text(error.message)] : []),
      ...(error && done.columns.length > 0
        ? [
            `columns: ${done.columns.join(', ')}`,
            ...(kind
              ? [
                  `fields of ${kind}: ${importFields(kind)
                    .map(field => field.key + (field.isRequired ? '*' : ''))
                    .join(', ')} (--map field=column)`,
                ]
              : []),
          ]
        : []),
      ...(counts
        ? [
            `${kind}: ${counts.rows} rows: ${counts.new} new, ${counts.changed} changed, ${counts.same} the same, ${counts.wrong} wrong; ${counts.newCustomers} new customers${isDry ? '; nothing was changed' : ''}`,
          ]
        : []),
      ...(counts?.totals.map(({ amount, currency }) => `total ${amount} ${currency}`) ?? []),
      ...errors.edges.map(({ node }) => errorLine(session, node)),
      ...((counts?.wrong ?? 0) > 20
        ? [`… ${errors.totalCount} errors in all${errorsFile === undefined ? '; --errors FILE writes them' : `, in ${errorsFile}`}`]
        : []),
    ],
  )
  return error || (counts?.wrong ?? 0) > 0 ? EXIT.findings : EXIT.ok
}

function errorLine(session: Session, { row, column, code, message }: ImportError): string {
  return `row ${row}${column === null ? '' : `, ${column}`}: ${session.text(message)} [${code}]`
}

function openFile(file: string): AsyncIterable<Uint8Array> {
  if (file === '-') return process.stdin
  if (!existsSync(file)) throw new UsageError(`There is no file ${file}.`)
  if (!statSync(file).isFile()) throw new UsageError(`${file} is not a file.`)
  return createReadStream(file)
}

function kindOption(options: Options): ImportKind | undefined {
  const given = textOption(options, 'kind')
  if (given === undefined) return undefined
  const kind = IMPORT_KINDS.find(known => known === given.replaceAll('-', '_'))
  if (!kind) throw new UsageError(`--kind is ${JSON.stringify(given)}; it should be one of ${IMPORT_KINDS.join(', ')}.`)
  return kind
}

function mappingOption(options: Options, kind: ImportKind | undefined): Record<string, string> {
  const given = Array.isArray(options['map']) ? (options['map'] as readonly string[]) : []
  const fields = new Set((kind ? [kind] : IMPORT_KINDS).flatMap(each => importFields(each).map(({ key }) => key)))
  return Object.fromEntries(
    given.map(pair => {
      const at = pair.indexOf('=')
      const field = pair.slice(0, at)
      if (at < 1) throw new UsageError(`--map is ${JSON.stringify(pair)}; write field=column.`)
      if (!fields.has(field)) throw new UsageError(`--map names the field ${JSON.stringify(field)}; there are ${[...fields].join(', ')}.`)
      return [field, pair.slice(at + 1)]
    }),
  )
}

function formatOption(options: Options): ImportFormat {
  const oneOf = <T extends string>(name: string, flag: string, known: readonly T[]): T | undefined => {
    const given = textOption(options, name)
    const found = known.find(each => each === given)
    if (given !== undefined && !found)
      throw new UsageError(`--${flag} is ${JSON.stringify(given)}; it should be ${known.map(each => JSON.stringify(each)).join(' or ')}.`)
    return found
  }
  const format = {
    dateFormat: oneOf('dateFormat', 'date-format', ['M/D/YYYY', 'D/M/YYYY']),
    decimalSeparator: oneOf('decimalSeparator', 'decimal-separator', ['.', ',']),
    encoding: textOption(options, 'encoding'),
    delimiter: textOption(options, 'delimiter')?.replace('\\t', '\t'),
    sheet: textOption(options, 'sheet'),
  }
  return Object.fromEntries(Object.entries(format).filter(([, value]) => value !== undefined)) as ImportFormat
}

function describeProgress({ phase, rowsDone, rowsTotal }: ImportProgress): string {
  return `${phase} ${rowsDone.toLocaleString('en')}${rowsTotal === null ? '' : ` of ${rowsTotal.toLocaleString('en')}`} rows`
}
