/** Hands a table to the reader as a file that spreadsheets open: UTF-8 with its mark, and no cell that a spreadsheet would run. */
export function saveCsv(name: string, rows: readonly (readonly (string | number | null | undefined)[])[]): void {
  const text = rows.map(row => row.map(cell).join(',')).join('\r\n')
  const address = URL.createObjectURL(new Blob([`\uFEFF${text}\r\n`], { type: 'text/csv;charset=utf-8' }))
  const link = document.createElement('a')
  link.href = address
  link.download = `${name}.csv`
  link.click()
  URL.revokeObjectURL(address)
}

/** A cell as CSV writes it. What begins like a formula and is no number is text, by an apostrophe in front. */
export function cell(value: string | number | null | undefined): string {
  const text = value === null || value === undefined ? '' : String(value)
  const safe = /^[=+\-@\t\r]/.test(text) && !/^-?\d+(\.\d+)?$/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
