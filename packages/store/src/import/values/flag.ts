/** A yes or no in the ways that ledgers write it; undefined when it is neither. */
export function parseFlag(text: string): boolean | undefined {
  return FLAGS.get(text.normalize('NFKC').toLowerCase().replace(/\.0+$/, ''))
}

const FLAGS: ReadonlyMap<string, boolean> = new Map([
  ...['yes', 'y', 'true', 't', '1', 'x', '是', '有', '真', 'open', 'disputed', '未清', '争议'].map(word => [word, true] as const),
  ...['no', 'n', 'false', 'f', '0', '-', '否', '无', '假', 'closed', 'cleared', '已清'].map(word => [word, false] as const),
])
