/** Unified social credit codes (GB 32100-2015): 18 characters, of which the 17th and the 18th check the rest. */

const ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY'
const ORGANISATION_ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'
const ORGANISATION_WEIGHTS = [3, 7, 9, 10, 5, 8, 4, 2]
const CODE_WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]

/** The code of an enterprise (91) registered in a region (six digits) under a serial of eight characters. */
export function socialCreditCode(region: string, serial: string): string {
  const body = `91${region}${serial}${organisationCheck(serial)}`
  return body + codeCheck(body)
}

export function isSocialCreditCode(code: string): boolean {
  return /^[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}$/.test(code) && codeCheck(code.slice(0, 17)) === code[17]
}

function organisationCheck(serial: string): string {
  const sum = ORGANISATION_WEIGHTS.reduce((total, weight, at) => total + weight * ORGANISATION_ALPHABET.indexOf(serial[at] ?? '0'), 0)
  const check = 11 - (sum % 11)
  return check === 10 ? 'X' : check === 11 ? '0' : String(check)
}

function codeCheck(body: string): string {
  const sum = CODE_WEIGHTS.reduce((total, weight, at) => total + weight * ALPHABET.indexOf(body[at] ?? '0'), 0)
  return ALPHABET[(31 - (sum % 31)) % 31]!
}
