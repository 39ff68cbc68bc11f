export interface Word {
  readonly text: string
  readonly isChanged: boolean
}

/** Longer texts are shown as changed from the first difference to the last. */
const MOST_WORDS = 600

/** Which words of two sentences differ; a Chinese character is a word. */
export function wordDiff(before: string, after: string): { readonly before: readonly Word[]; readonly after: readonly Word[] } {
  const [a, b] = [wordsOf(before), wordsOf(after)]
  let head = 0
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1
  let tail = 0
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail += 1
  const [x, y] = [a.slice(head, a.length - tail), b.slice(head, b.length - tail)]
  const [keptX, keptY] = x.length * y.length > MOST_WORDS ** 2 ? [new Set<number>(), new Set<number>()] : common(x, y)
  const shown = (words: readonly string[], middle: readonly string[], kept: ReadonlySet<number>): Word[] =>
    joined([
      ...words.slice(0, head).map(text => ({ text, isChanged: false })),
      ...middle.map((text, index) => ({ text, isChanged: !kept.has(index) })),
      ...words.slice(words.length - tail).map(text => ({ text, isChanged: false })),
    ])
  return { before: shown(a, x, keptX), after: shown(b, y, keptY) }
}

const wordsOf = (text: string): string[] => text.match(/\p{Script=Han}|[\p{L}\p{N}_.%]+|\s+|[^\s]/gu) ?? []

/** Places of a longest common subsequence. */
function common(a: readonly string[], b: readonly string[]): readonly [Set<number>, Set<number>] {
  const width = b.length + 1
  const lengths = new Uint16Array((a.length + 1) * width)
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      lengths[i * width + j] =
        a[i] === b[j] ? lengths[(i + 1) * width + j + 1]! + 1 : Math.max(lengths[(i + 1) * width + j]!, lengths[i * width + j + 1]!)
    }
  }
  const [left, right] = [new Set<number>(), new Set<number>()]
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    if (a[i] === b[j]) {
      left.add(i++)
      right.add(j++)
    } else if (lengths[(i + 1) * width + j]! >= lengths[i * width + j + 1]!) i += 1
    else j += 1
  }
  return [left, right]
}

function joined(words: readonly Word[]): Word[] {
  const runs: Word[] = []
  for (const word of words) {
    const last = runs.at(-1)
    if (last?.isChanged === word.isChanged) runs[runs.length - 1] = { ...last, text: last.text + word.text }
    else runs.push(word)
  }
  return runs
}
