/** The line of a JSON text on which the value stands that a pointer leads to; the nearest that is there, else the first. */
export function lineOf(text: string, pointer: string): number {
  const wanted = pointer
    .split('/')
    .slice(1)
    .map(part => part.replaceAll('~1', '/').replaceAll('~0', '~'))
  let at = 0
  let best = 0

  const space = (): void => {
    while (/\s/.test(text[at] ?? '')) at++
  }
  const string = (): string => {
    const from = at++
    while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1
    at++
    return JSON.parse(text.slice(from, at)) as string
  }
  /** Walks a value; `depth` of the wanted keys have been met on the way, or -1 off the way. True once it is found. */
  const value = (depth: number): boolean => {
    space()
    if (depth >= 0) {
      best = at
      if (depth === wanted.length) return true
    }
    const open = text[at]
    if (open === '"') string()
    else if (open === '{' || open === '[') {
      at++
      for (let index = 0; ; index++) {
        space()
        if (text[at] === '}' || text[at] === ']') break
        const begin = at
        let key = String(index)
        if (open === '{') {
          key = string()
          space()
          at++
        }
        const isOnWay = depth >= 0 && key === wanted[depth]
        if (isOnWay && open === '{') best = begin
        if (value(isOnWay ? depth + 1 : -1)) {
          if (open === '{' && depth + 1 === wanted.length) best = begin
          return true
        }
        if (isOnWay) return true
        space()
        if (text[at] !== ',') break
        at++
      }
      at++
    } else while (at < text.length && !/[\s,\]}]/.test(text[at]!)) at++
    return false
  }
  try {
    value(0)
  } catch {
    // A text that is no JSON has no places.
  }
  return text.slice(0, best).split('\n').length
}
