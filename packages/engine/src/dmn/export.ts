import { DmnModdle } from 'dmn-moddle'
import { normaliseCell } from '../feel/normalise-cell.ts'
import { cellProgram, createVocabulary, expressionProgram } from '../feel/program.ts'
import {
  type FactDefinition,
  type FactType,
  type FormulaExpression,
  OUTCOMES,
  type Policy,
  type Step,
  type TableInput,
  type TableOutput,
  type TableStep,
  type Text,
} from '../policy/document.ts'
import type { Finding } from '../policy/finding.ts'
import { pointer } from '../policy/pointer.ts'
import { AGGREGATION_NAMES, HIT_POLICY_LETTERS } from './read.ts'

export interface ExportedDmn {
  readonly xml: string
  /** What DMN can't say. */
  readonly findings: readonly Finding[]
}

/** Writes tables and formulas of a policy as a DMN 1.3 model that `importDmn` reads back to the same decisions. */
export async function exportDmn(policy: Policy): Promise<ExportedDmn> {
  return new Exporter(policy).run()
}

type Attributes = Readonly<Record<string, unknown>>

class Exporter {
  readonly #policy: Policy
  readonly #moddle = new DmnModdle()
  readonly #findings: Finding[] = []
  readonly #ids = new Set<string>()
  readonly #items: unknown[] = []
  readonly #vocabulary

  constructor(policy: Policy) {
    this.#policy = policy
    const names = [...Object.keys(policy.facts), ...Object.keys(policy.outputs), ...Object.keys(policy.lists ?? {})]
    this.#vocabulary = createVocabulary<null>(names, name => (names.includes(name) ? () => null : undefined), 'feel')
  }

  async run(): Promise<ExportedDmn> {
    const { id, title, facts, steps, lists = {} } = this.#policy
    this.#sayWhatIsLost(this.#policy)
    const inputs = Object.entries(facts).map(([name, definition]) =>
      this.#make('InputData', {
        id: this.#id(`input_${name}`),
        name,
        variable: this.#make('InformationItem', { name, typeRef: this.#typeRef(name, definition) }),
      }),
    )
    const constants = Object.entries(lists).map(([name, { values }]) =>
      this.#decision(name, 'Any', this.#literal(`[${values.map(value => JSON.stringify(value)).join(', ')}]`)),
    )
    const decisions = steps.flatMap((step, index) => this.#step(step, pointer('', 'steps', index)))
    const definitions = this.#moddle.create('dmn:Definitions', {
      id: this.#id('definitions'),
      name: title.en || id,
      namespace: `urn:surety:${encodeURI(id)}`,
      itemDefinition: this.#items,
      drgElement: [...inputs, ...constants, ...decisions],
    })
    const { xml } = await this.#moddle.toXML(definitions, { format: true })
    return { xml, findings: this.#findings }
  }

  /** Facts and outputs of DMN have a name and a type, no more. */
  #sayWhatIsLost({ facts, outputs, whenUnknown = 'refer', conditions }: Policy): void {
    for (const [parent, definitions] of [
      ['facts', facts],
      ['outputs', outputs],
    ] as const) {
      for (const [name, { type: _, of: __, values: ___, ...others }] of Object.entries(definitions)) {
        const lost = Object.keys(others)
        if (lost.length > 0)
          this.#say(
            'DMN_DETAILS',
            pointer('', parent, name),
            { en: `DMN has no place for ${lost.join(', ')} of "${name}".`, zh: `DMN 无法保存“${name}”的 ${lost.join('、')}。` },
            'info',
          )
      }
    }
    if (whenUnknown !== 'refer')
      this.#say('DMN_DETAILS', '/whenUnknown', {
        en: `DMN does not say what to do when facts are missing ("${whenUnknown}").`,
        zh: `DMN 没有缺失事实的处理方式（“${whenUnknown}”）。`,
      })
    if (conditions && Object.keys(conditions).length > 0)
      this.#say('DMN_DETAILS', '/conditions', { en: 'DMN has no named conditions.', zh: 'DMN 没有命名条件。' })
  }

  #step(step: Step, path: string): readonly unknown[] {
    if (step.enabled === false) {
      this.#say('DMN_DISABLED', path, { en: `Step "${step.id}" is switched off and left out.`, zh: `步骤“${step.id}”已停用，未导出。` })
      return []
    }
    switch (step.kind) {
      case 'table':
        return this.#table(step, path)
      case 'formula':
        return step.expressions.map(expression => {
          const { type } = this.#policy.outputs[expression.output] ?? { type: 'string' as const }
          return this.#decision(
            expression.output,
            TYPE_REFS[type],
            this.#literal(rounded(expression)),
            step.expressions.length === 1 ? step.id : expression.id,
          )
        })
      case 'rules':
      case 'scorecard':
      case 'decision':
        this.#say(
          'DMN_STEP_LEFT_OUT',
          path,
          {
            en: `DMN has no steps of kind "${step.kind}"; "${step.id}" is left out.`,
            zh: `DMN 不支持类型为“${step.kind}”的步骤；“${step.id}”未导出。`,
          },
          'error',
        )
        return []
    }
  }

  #table(step: TableStep, path: string): readonly unknown[] {
    const isAlone = step.outputs.length === 1
    const name = isAlone ? this.#decisionName(step.outputs[0] as TableOutput, step) : step.id
    const columns = step.inputs.map(input => ({
      input,
      type: input.type ?? this.#policy.facts[input.expression]?.type ?? this.#policy.outputs[input.expression]?.type,
    }))
    const rows = step.rows.filter(({ enabled }) => enabled !== false)
    if (rows.length < step.rows.length)
      this.#say('DMN_DISABLED', path, { en: 'Rows that are switched off are left out.', zh: '已停用的行未导出。' })
    if (rows.some(({ reason }) => reason))
      this.#say('DMN_REASON', path, { en: 'DMN has no reasons; they become annotations.', zh: 'DMN 没有理由字段，已转为注释。' })
    const table = this.#make('DecisionTable', {
      id: this.#id(`table_${step.id}`),
      hitPolicy: Object.entries(HIT_POLICY_LETTERS).find(([, letter]) => letter === step.hitPolicy)?.[0],
      ...(step.aggregation
        ? { aggregation: Object.entries(AGGREGATION_NAMES).find(([, aggregation]) => aggregation === step.aggregation)?.[0] }
        : {}),
      input: columns.map(({ input, type }) => this.#input(input, type)),
      output: step.outputs.map(output => this.#output(output, isAlone)),
      rule: rows.map(row =>
        this.#make('DecisionRule', {
          id: this.#id(row.id, step.id),
          ...(row.comment ? { description: row.comment } : {}),
          inputEntry: row.when.map((cell, at) => this.#make('UnaryTests', { text: this.#cell(cell, columns[at]?.type) })),
          outputEntry: row.then.map((cell, at) =>
            this.#make('LiteralExpression', { text: this.#entry(cell, this.#outputType(step.outputs[at])) }),
          ),
          ...(row.reason
            ? {
                annotationEntry: [
                  this.#make('RuleAnnotation', { text: `${row.reason.code}: ${row.reason.text.en} ${row.reason.text.zh}` }),
                ],
              }
            : {}),
        }),
      ),
    })
    const isList = !step.aggregation && (step.hitPolicy === 'R' || step.hitPolicy === 'O' || step.hitPolicy === 'C')
    const decision = this.#decision(name, isAlone && !isList ? TYPE_REFS[this.#outputType(step.outputs[0])] : undefined, table, step.id)
    if (isAlone) return [decision]
    // A table with several outputs is a context in DMN; a decision each gives them their own names.
    const named = step.outputs.map(output =>
      this.#decision(
        this.#decisionName(output, step),
        isList ? undefined : TYPE_REFS[this.#outputType(output)],
        this.#literal(`${step.id}.${output.name}`),
      ),
    )
    return [decision, ...named]
  }

  /** Several tables may ask for an outcome; names of decisions are unique. */
  #decisionName(output: TableOutput, step: TableStep): string {
    return output.name === 'outcome' ? `outcome (${step.id})` : output.name
  }

  #outputType(output: TableOutput | undefined): FactType {
    const definition = this.#policy.outputs[output?.name ?? '']
    return (definition?.type === 'list' ? definition.of : definition?.type) ?? 'string'
  }

  #input({ id, expression, label, allowedValues }: TableInput, type: FactType | undefined): unknown {
    return this.#make('InputClause', {
      id: this.#id(id, 'input'),
      ...(label ? { label: label.en } : {}),
      inputExpression: this.#make('LiteralExpression', { text: expression, ...(type ? { typeRef: TYPE_REFS[type] } : {}) }),
      ...(allowedValues ? { inputValues: this.#make('UnaryTests', { text: allowedValues }) } : {}),
    })
  }

  #output(output: TableOutput, isAlone: boolean): unknown {
    const values = output.name === 'outcome' ? OUTCOMES : output.values
    return this.#make('OutputClause', {
      id: this.#id(output.id, 'output'),
      ...(isAlone ? {} : { name: output.name }),
      ...(output.label ? { label: output.label.en } : {}),
      typeRef: TYPE_REFS[this.#outputType(output)],
      ...(values ? { outputValues: this.#make('UnaryTests', { text: values.map(value => JSON.stringify(value)).join(',') }) } : {}),
      ...(output.default
        ? { defaultOutputEntry: this.#make('LiteralExpression', { text: this.#entry(output.default, this.#outputType(output)) }) }
        : {}),
    })
  }

  /** FEEL is left alone; what people typed is written as FEEL. */
  #cell(text: string, type: FactType | undefined): string {
    if (type !== 'date' && cellProgram(text, this.#vocabulary).problems.length === 0) return text.trim() || '-'
    return normaliseCell(text, { type, names: new Set(this.#vocabulary.names) })
  }

  #entry(text: string, type: FactType): string {
    if (text.trim() === '' || text.trim() === '-') return ''
    if (type !== 'date' && expressionProgram(text, this.#vocabulary).problems.length === 0) return text
    return normaliseCell(text, { type, names: new Set(this.#vocabulary.names) })
  }

  #decision(name: string, typeRef: string | undefined, decisionLogic: unknown, id?: string): unknown {
    return this.#make('Decision', {
      id: this.#id(id ?? `decision_${name}`),
      name,
      variable: this.#make('InformationItem', { name, ...(typeRef ? { typeRef } : {}) }),
      decisionLogic,
    })
  }

  #literal(text: string): unknown {
    return this.#make('LiteralExpression', { text })
  }

  #typeRef(name: string, definition: FactDefinition): string {
    const values = definition.values?.map(value => (typeof value === 'string' ? value : value.value))
    if (definition.type !== 'list' && !(definition.type === 'enum' && values?.length)) return TYPE_REFS[definition.type]
    const itemName = `t${name.replace(/[^\p{L}\p{N}_]/gu, '_')}`
    this.#items.push(
      this.#make('ItemDefinition', {
        name: itemName,
        typeRef: TYPE_REFS[definition.of ?? 'string'],
        ...(definition.type === 'list'
          ? { isCollection: true }
          : { allowedValues: this.#make('UnaryTests', { text: values?.map(value => JSON.stringify(value)).join(',') }) }),
      }),
    )
    return itemName
  }

  #make(type: string, attributes: Attributes): unknown {
    return this.#moddle.create(`dmn:${type}`, attributes)
  }

  /** XML ids are names and unique in a file. */
  #id(wanted: string, prefix = ''): string {
    const clean = (text: string): string => text.replace(/[^\p{L}\p{N}_.-]/gu, '_').replace(/^(?![\p{L}_])/u, '_')
    let id = clean(wanted)
    if (this.#ids.has(id) && prefix) id = clean(`${prefix}_${wanted}`)
    for (let count = 2; this.#ids.has(id); count++) id = `${clean(prefix ? `${prefix}_${wanted}` : wanted)}_${count}`
    this.#ids.add(id)
    return id
  }

  #say(code: string, path: string, message: Text, severity: Finding['severity'] = 'warning'): void {
    this.#findings.push({ code, severity, path, message })
  }
}

const TYPE_REFS: Readonly<Record<FactType, string>> = {
  number: 'number',
  integer: 'number',
  money: 'number',
  percent: 'number',
  boolean: 'boolean',
  enum: 'string',
  string: 'string',
  date: 'date',
  list: 'Any',
}

const ROUNDING_FUNCTIONS = { 'half-up': 'round half up', 'half-even': 'decimal', up: 'round up', down: 'round down' } as const

function rounded({ expression, round }: FormulaExpression): string {
  return round ? `${ROUNDING_FUNCTIONS[round.mode ?? 'half-up']}(${expression}, ${round.decimals})` : expression
}
