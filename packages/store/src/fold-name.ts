/**
 * A name as it is compared and searched: width, case, accents, punctuation and company forms don't count.
 * `Beta Trading Co., Ltd.` and `ＢＥＴＡ trading` both become `beta trading`; `广州倍特贸易（集团）有限公司` becomes `广州倍特贸易`.
 */
export function foldName(name: string): string {
  const plain = name
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .toLowerCase()
    .replace(/&/g, ' and ')
    .replace(/['’.]/g, '')
    .replace(/[^\p{Letter}\p{Number}]+/gu, ' ')
    .trim()
  const short = plain
    .replace(CHINESE_FORMS, '')
    .split(' ')
    .filter(word => word !== '')
  while (short.length > 1 && LATIN_FORMS.has(short.at(-1)!)) short.pop()
  return short.join(' ') || plain
}

const CHINESE_FORMS = /股份有限公司|有限责任公司|有限公司|责任公司|公司|集团\s*(?=$|股份|有限|公司)/gu

const LATIN_FORMS = new Set(
  'co company corp corporation inc incorporated ltd limited llc llp lp plc gmbh ag kg ohg sa sarl sas spa srl bv nv oy ab as aps pte pty pvt and'.split(
    ' ',
  ),
)
