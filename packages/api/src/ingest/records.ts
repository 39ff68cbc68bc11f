import { Refused } from './problem.ts'

export const MAX_RECORDS = 10_000

/** The records of a body: a JSON array, or one JSON object a line. Each is judged later; here they only have to be JSON. */
export function parseRecords(body: string, isLines: boolean): unknown[] {
  const records = isLines ? parseLines(body) : parseArray(body)
  if (records.length === 0) throw new Refused(400, 'NO_RECORDS', { en: 'There is no record in the body.', zh: '请求体中没有记录。' })
  if (records.length > MAX_RECORDS) {
    throw new Refused(413, 'TOO_MANY_RECORDS', {
      en: `${records.length} records; ${MAX_RECORDS} are the most. Send more in several requests, or a file.`,
      zh: `共 ${records.length} 条记录，最多 ${MAX_RECORDS} 条；请分批发送或上传文件。`,
    })
  }
  return records
}

function parseLines(body: string): unknown[] {
  return body
    .split('\n')
    .flatMap((line, index) => (line.trim() === '' ? [] : [parseJson(line, { en: `Line ${index + 1}`, zh: `第 ${index + 1} 行` })]))
}

function parseArray(body: string): unknown[] {
  const parsed = parseJson(body, { en: 'The body', zh: '请求体' })
  if (Array.isArray(parsed)) return parsed
  throw new Refused(400, 'NOT_AN_ARRAY', {
    en: 'The body must be a JSON array of records, or one record a line as application/x-ndjson.',
    zh: '请求体须为 JSON 数组；或以 application/x-ndjson 逐行发送记录。',
  })
}

/** JSON, or who sent it is told which part is none. */
export function parseJson(text: string, place: { readonly en: string; readonly zh: string }): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Refused(400, 'NOT_JSON', { en: `${place.en} is not JSON.`, zh: `${place.zh}不是有效的 JSON。` })
  }
}
