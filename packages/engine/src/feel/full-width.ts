/**
 * Chinese keyboards type full-width signs; outside string literals they mean the ASCII ones.
 * One character becomes one character, so that offsets keep pointing into what the author wrote.
 */
export function narrow(text: string): string {
  if (!WIDE.test(text)) return text
  let result = ''
  let closing = ''
  for (let i = 0; i < text.length; i++) {
    const char = text[i] as string
    if (closing) {
      if (char === '\\') {
        result += char + (text[++i] ?? '')
        continue
      }
      const closes = closing.includes(char)
      result += closes ? '"' : char
      if (closes) closing = ''
      continue
    }
    const ascii = SIGNS[char] ?? fromFullWidthBlock(char)
    if (ascii === '"') closing = char === '"' ? '"' : '”"＂'
    result += ascii
  }
  return result
}

const WIDE = /[\u3000-\u301f\uff01-\uffe5“”‘’－–−·…]/

const SIGNS: Readonly<Record<string, string>> = {
  '　': ' ',
  '、': ',',
  '。': '.',
  '【': '[',
  '】': ']',
  '〔': '(',
  '〕': ')',
  '《': '<',
  '》': '>',
  '〈': '<',
  '〉': '>',
  '“': '"',
  '”': '"',
  '＂': '"',
  '‘': "'",
  '’': "'",
  '−': '-',
  '–': '-',
}

function fromFullWidthBlock(char: string): string {
  const code = char.charCodeAt(0)
  return code >= 0xff01 && code <= 0xff5e ? String.fromCharCode(code - 0xfee0) : char
}
