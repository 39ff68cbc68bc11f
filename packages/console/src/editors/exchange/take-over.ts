import { checkPolicy, diffPolicies, importRules, parsePolicy, type Finding, type Policy, type PolicyChange } from '@surety/engine'

/** `replace`: the draft becomes what the file says. `add`: steps, facts and outputs of the file come to those of the draft. */
export type TakeOverMode = 'replace' | 'add'

export interface TakeOverRequest {
  readonly draft: Policy
  readonly name: string
  readonly bytes: Uint8Array
  /** As the form suggests, unless somebody chose. */
  readonly mode?: TakeOverMode | undefined
}

export interface TakenOver {
  readonly form: 'policy' | 'xlsx' | 'dmn' | 'rules' | 'unknown'
  readonly mode: TakeOverMode
  /** The draft as it would be; none when nothing could be read. */
  readonly policy: Policy | undefined
  /** What could not be taken over as it was, then what is wrong with the draft as it would be. */
  readonly findings: readonly Finding[]
  readonly changes: readonly PolicyChange[]
}

/** Nobody writes a policy of this size; what is larger is another file. */
export const MOST_BYTES = 20_000_000

/** Reads a file and tells what would become of the draft. */
export async function takeOver({ draft, name, bytes, mode: chosen }: TakeOverRequest): Promise<TakenOver> {
  const read = await readFile(name, bytes)
  const mode = chosen ?? (read.form === 'policy' || read.form === 'xlsx' ? 'replace' : 'add')
  if (!read.policy) return { form: read.form, mode, policy: undefined, findings: read.findings, changes: [] }
  const policy = mode === 'replace' ? replacing(draft, read.policy, read.form) : adding(draft, read.policy)
  const known = new Set(read.findings.map(({ code, path }) => `${code} ${path}`))
  const after = checkPolicy(policy).filter(({ code, path }) => !known.has(`${code} ${path}`))
  return { form: read.form, mode, policy, findings: [...read.findings, ...after], changes: diffPolicies(draft, policy) }
}

async function readFile(
  name: string,
  bytes: Uint8Array,
): Promise<{ readonly form: TakenOver['form']; readonly policy: Policy | undefined; readonly findings: readonly Finding[] }> {
  const isZip = bytes[0] === 0x50 && bytes[1] === 0x4b
  if (isZip || /\.xlsx$/i.test(name)) {
    const { importWorkbook } = await import('@surety/engine/xlsx')
    return { form: 'xlsx', ...importWorkbook(bytes) }
  }
  const text = new TextDecoder().decode(bytes).replace(/^\uFEFF/, '')
  if (/\.dmn$/i.test(name) || text.trimStart().startsWith('<')) {
    const { importDmn } = await import('@surety/engine/dmn')
    const { policies, findings } = await importDmn(text)
    return { form: 'dmn', policy: policies[0], findings }
  }
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch (error) {
    return { form: 'unknown', policy: undefined, findings: [notJson(text, error as Error)] }
  }
  if (!Array.isArray(document)) {
    const { policy, findings } = parsePolicy(document)
    return { form: 'policy', policy, findings }
  }
  const at = document.findIndex(rule => rule === null || typeof rule !== 'object' || Array.isArray(rule))
  if (at >= 0)
    return {
      form: 'rules',
      policy: undefined,
      findings: [
        {
          code: 'NOT_A_RULE',
          severity: 'error',
          path: `/${at}`,
          message: {
            en: `An array is read as json-rules-engine rules, but item ${at + 1} is no object.`,
            zh: `数组按 json-rules-engine 规则读取，但第 ${at + 1} 项不是对象。`,
          },
        },
      ],
    }
  const made = importRules(document, name.replace(/\.[^.]*$/, '') || 'rules')
  const { policy, findings } = parsePolicy(made.policy)
  return { form: 'rules', policy, findings: [...made.findings, ...findings] }
}

/** The draft stays the policy that it is: its id and what it is for are not the file's to say. */
function replacing(draft: Policy, given: Policy, form: TakenOver['form']): Policy {
  const { kind: _, ...rest } = given
  const titles = form === 'policy' || form === 'xlsx' ? {} : { title: draft.title }
  return { ...rest, ...titles, id: draft.id, ...(draft.kind !== undefined && { kind: draft.kind }) }
}

/** What both have stays as the draft has it, but for steps: of one id, the file's takes the place of the draft's. */
function adding(draft: Policy, given: Policy): Policy {
  const replaced = new Map(given.steps.map(step => [step.id, step]))
  const own = new Set(draft.steps.map(({ id }) => id))
  const facts = Object.fromEntries(Object.entries(given.facts).filter(([name]) => !(name in draft.facts) && !(name in draft.outputs)))
  const outputs = Object.fromEntries(Object.entries(given.outputs).filter(([name]) => !(name in draft.outputs) && !(name in draft.facts)))
  const lists = { ...given.lists, ...draft.lists }
  const conditions = { ...given.conditions, ...draft.conditions }
  return {
    ...draft,
    facts: { ...draft.facts, ...facts },
    outputs: { ...draft.outputs, ...outputs },
    ...(Object.keys(lists).length > 0 && { lists }),
    ...(Object.keys(conditions).length > 0 && { conditions }),
    steps: [...draft.steps.map(step => replaced.get(step.id) ?? step), ...given.steps.filter(({ id }) => !own.has(id))],
  }
}

/** Where JSON ends to be JSON, by line and column where the engine of the browser tells. */
function notJson(text: string, { message }: Error): Finding {
  const position = /position (\d+)/.exec(message)?.[1]
  const at = position === undefined ? undefined : Number(position)
  const line = at === undefined ? undefined : text.slice(0, at).split('\n').length
  const column = at === undefined ? undefined : at - text.lastIndexOf('\n', at - 1)
  const place =
    line === undefined ? { en: '', zh: '' } : { en: ` at line ${line}, column ${column}`, zh: `（第 ${line} 行第 ${column} 列）` }
  return {
    code: 'NOT_JSON',
    severity: 'error',
    path: '',
    message: {
      en: `This is none of the forms that can be read: a workbook (.xlsx), a DMN model (.dmn), a policy or json-rules-engine rules (.json). As JSON it fails${place.en}.`,
      zh: `无法识别的格式。可读取工作簿（.xlsx）、DMN 模型（.dmn）、策略或 json-rules-engine 规则（.json）。按 JSON 解析失败${place.zh}。`,
    },
  }
}
