import { describe, expect, it } from 'vitest'
import { cell } from '../src/features/portfolio/save-csv.ts'

describe('a cell of a file for spreadsheets', () => {
  it.each([
    ['plain', 'plain'],
    ['-12.50', '-12.50'],
    ['=1+1', "'=1+1"],
    ['+86 571', "'+86 571"],
    ['@cmd', "'@cmd"],
    ['-cmd', "'-cmd"],
    ['a,"b"', '"a,""b"""'],
    ['=HYPERLINK("x")', '"\'=HYPERLINK(""x"")"'],
    [null, ''],
    [3, '3'],
  ] as const)('%j is written %s', (value, written) => expect(cell(value)).toBe(written))
})
