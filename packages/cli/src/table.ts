/** Lines of a table for a terminal, columns aligned; numbers stand right. Chinese characters are two columns wide. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = header.map((title, column) => Math.max(...[title, ...rows.map(row => row[column] ?? '')].map(width)))
  const isRight = header.map((_, column) => rows.length > 0 && rows.every(row => /^[-+]?[\d.,]*%?$/.test(row[column] ?? '')))
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => pad(cell, widths[column]!, isRight[column]!))
      .join('  ')
      .trimEnd()
  return [line(header), line(widths.map(size => '─'.repeat(size))), ...rows.map(line)]
}

function pad(text: string, size: number, isRight: boolean): string {
  const space = ' '.repeat(Math.max(0, size - width(text)))
  return isRight ? space + text : text + space
}

function width(text: string): number {
  let columns = 0
  for (const character of text)
    columns += /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/.test(character) ? 2 : 1
  return columns
}
