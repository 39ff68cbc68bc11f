/** Imports so many generated invoices into a database and prints how long it took and how much memory, as JSON. For measuring, not for vitest. */
import { applyImport, asActor, connect, createImport, createSegment, stageImport, SYSTEM } from '../../src/index.ts'

const [url = '', rows = '1000000'] = process.argv.slice(2)
const sql = connect(url)
let peakRss = 0
const watch = setInterval(() => {
  peakRss = Math.max(peakRss, process.memoryUsage.rss())
}, 50)
const segment = await asActor(sql, SYSTEM, tx => createSegment(tx, { code: 'load', name: { en: 'Load', zh: '压测' }, currency: 'CNY' }))

const timings: Record<string, number> = {}
async function timed<T>(name: string, work: () => Promise<T>): Promise<T> {
  const from = performance.now()
  const result = await work()
  timings[name] = Math.round(performance.now() - from) / 1000
  return result
}

const created = await timed('uploadSeconds', () =>
  asActor(sql, SYSTEM, tx => createImport(tx, { fileName: 'million.csv', segmentId: segment.id, content: invoices(Number(rows)) })),
)
const staged = await timed('stageSeconds', () => stageImport(sql, SYSTEM, created.id))
const applied = await timed('applySeconds', () => applyImport(sql, SYSTEM, created.id))
clearInterval(watch)
await sql.end()
console.log(
  JSON.stringify({
    ...timings,
    peakRssMb: Math.round(peakRss / 1024 ** 2),
    status: applied.status,
    counts: applied.counts,
    error: staged.error,
  }),
)

async function* invoices(count: number): AsyncGenerator<Uint8Array> {
  let lines = 'invoice_number,customer_number,customer_name,invoice_date,due_date,currency,amount,payment_terms\n'
  const day = Date.UTC(2022, 0, 1)
  for (let number = 1; number <= count; number += 1) {
    const customer = (number * 7919) % 10_000
    const issued = new Date(day + (number % 900) * 86_400_000).toISOString().slice(0, 10)
    const due = new Date(day + ((number % 900) + 30) * 86_400_000).toISOString().slice(0, 10)
    lines += `INV-${String(number).padStart(8, '0')},C${String(customer).padStart(6, '0')},客户${customer}有限公司,${issued},${due},CNY,${(number % 90_000) + 100}.${String(number % 100).padStart(2, '0')},NET30\n`
    if (lines.length > 256 * 1024) {
      yield Buffer.from(lines)
      lines = ''
    }
  }
  yield Buffer.from(lines)
}
