import { inferType, feelTypeOf } from '../feel/infer.ts'
import { knownNames, parseExpression } from '../feel/parse.ts'
import {
  type FactDefinition,
  type FactType,
  type FormulaStep,
  OUTCOMES,
  type OutputDefinition,
  type Policy,
  type Step,
  type TableStep,
  type Text,
} from '../policy/document.ts'
import type { Finding, Severity } from '../policy/finding.ts'
import { pointer } from '../policy/pointer.ts'
import { boxedToFeel } from './boxed.ts'
import { freeNames, inlineCalls, type Knowledge } from './inline-calls.ts'
import {
  AGGREGATION_NAMES,
  type BusinessKnowledgeModel,
  type Decision,
  type DecisionTable,
  type Definitions,
  HIT_POLICY_LETTERS,
  readDmn,
} from './read.ts'
import { constantsOf, type DmnType, typeOf } from './types.ts'

export interface ImportedDmn {
  /** One per file; none when the file can't be read. */
  readonly policies: readonly Policy[]
  /** What could not be taken over as it was. Paths lead to elements of the model by kind and id. */
  readonly findings: readonly Finding[]
}

/** Turns a DMN 1.1–1.5 model into a policy: input data become facts, decision tables and literal expressions steps. */
export async function importDmn(xml: string): Promise<ImportedDmn> {
  const read = await readDmn(xml)
  if (read.kind === 'unreadable')
    return { policies: [], findings: [{ code: 'DMN_UNREADABLE', severity: 'error', path: '', message: read.message }] }
  const importer = new Importer(read.definitions)
  for (const warning of read.warnings)
    importer.say('DMN_NOT_UNDERSTOOD', 'warning', '', {
      en: `Not understood and left out: ${warning.trim()}`,
      zh: `无法识别，已忽略：${warning.trim()}`,
    })
  return { policies: [importer.policy()], findings: importer.findings }
}

class Importer {
  readonly findings: Finding[] = []
  readonly #definitions: Definitions
  readonly #facts: Record<string, FactDefinition> = {}
  readonly #outputs: Record<string, OutputDefinition> = {}
  readonly #knowledge = new Map<string, Knowledge>()
  readonly #decisions: readonly Decision[]
  /** `Table.column` → the decision that does nothing but name it. */
  readonly #aliases = new Map<string, Decision>()

  constructor(definitions: Definitions) {
    this.#definitions = definitions
    this.#decisions = (definitions.drgElement ?? []).filter((element): element is Decision => element.$type === 'dmn:Decision')
  }

  say(code: string, severity: Severity, path: string, message: Text): void {
    this.findings.push({ code, severity, path, message })
  }

  policy(): Policy {
    const name = this.#definitions.name ?? this.#definitions.id ?? 'decision'
    for (const { name: imported } of this.#definitions.import ?? []) {
      this.say('DMN_IMPORT', 'error', '', {
        en: `Model "${imported}" is imported; put what it holds into one file.`,
        zh: `引用了外部模型“${imported}”；请将其内容合并到一个文件。`,
      })
    }
    this.#takeElements()
    this.#findAliases()
    // Types of outputs are needed before the expressions that use them.
    for (const decision of this.#decisions) this.#declareOutputs(decision)
    const steps = this.#decisions.flatMap(decision => this.#step(decision))
    return { id: `dmn/${slug(name)}`, title: { en: name, zh: name }, facts: this.#facts, outputs: this.#outputs, steps }
  }

  #takeElements(): void {
    for (const element of this.#definitions.drgElement ?? []) {
      switch (element.$type) {
        case 'dmn:InputData': {
          const name = element.variable?.name ?? element.name ?? ''
          const type = typeOf(element.variable?.typeRef, this.#definitions)
          if (type.kind === 'unknown') {
            this.say('DMN_TYPE', 'warning', pointer('', 'inputData', element.id ?? name), {
              en: `"${name}" has no type that facts can have (${element.variable?.typeRef ?? 'none stated'}); taken as text.`,
              zh: `“${name}”的类型（${element.variable?.typeRef ?? '未说明'}）不能作为事实类型，按文本处理。`,
            })
          }
          this.#declareFacts(name, type)
          break
        }
        case 'dmn:BusinessKnowledgeModel':
          this.#takeKnowledge(element)
          break
        case 'dmn:DecisionService':
          this.say('DMN_SERVICE_LEFT_OUT', 'info', pointer('', 'decisionService', element.id ?? ''), {
            en: `Decision service "${element.name}" is left out; its decisions are steps.`,
            zh: `决策服务“${element.name}”已忽略，其中的决策已转为步骤。`,
          })
          break
        case 'dmn:KnowledgeSource':
          this.say('DMN_SOURCE_LEFT_OUT', 'info', pointer('', 'knowledgeSource', element.id ?? ''), {
            en: `Knowledge source "${element.name}" is left out.`,
            zh: `知识来源“${element.name}”已忽略。`,
          })
          break
        case 'dmn:Decision':
          break
      }
    }
  }

  #declareFacts(name: string, type: DmnType): void {
    if (type.kind === 'structure') {
      for (const [key, component] of type.components) this.#declareFacts(`${name}.${key}`, component)
    } else this.#facts[name] = type.kind === 'fact' ? type.definition : { type: 'string' }
  }

  #takeKnowledge(model: BusinessKnowledgeModel): void {
    const body = boxedToFeel(model.encapsulatedLogic?.body)
    const name = model.name ?? ''
    if (body === undefined || (model.encapsulatedLogic?.kind ?? 'FEEL') !== 'FEEL') {
      this.say('DMN_KNOWLEDGE', 'error', pointer('', 'businessKnowledgeModel', model.id ?? name), {
        en: `Business knowledge model "${name}" is not one FEEL expression; make its table a decision.`,
        zh: `业务知识模型“${name}”不是单个 FEEL 表达式；请将其中的表改为决策。`,
      })
      return
    }
    this.#knowledge.set(name, { parameters: (model.encapsulatedLogic?.formalParameter ?? []).map(parameter => parameter.name ?? ''), body })
  }

  #findAliases(): void {
    for (const decision of this.#decisions) {
      const text = boxedToFeel(decision.decisionLogic)?.trim()
      if (text === undefined) continue
      for (const { decisionLogic, ...table } of this.#decisions) {
        if (decisionLogic?.$type !== 'dmn:DecisionTable' || (decisionLogic.output?.length ?? 0) < 2) continue
        const column = decisionLogic.output?.find(output => text === `${nameOf(table)}.${output.name}`)
        if (column) this.#aliases.set(text, decision)
      }
    }
  }

  #declareOutputs(decision: Decision): void {
    const name = nameOf(decision)
    const logic = decision.decisionLogic
    const stated = typeOf(decision.variable?.typeRef, this.#definitions)
    if (logic?.$type === 'dmn:DecisionTable') {
      const isList = !logic.aggregation && ['RULE ORDER', 'OUTPUT ORDER', 'COLLECT'].includes(logic.hitPolicy ?? '')
      for (const [at, output] of (logic.output ?? []).entries()) {
        const outputName = this.#columnName(decision, logic, at)
        if (outputName === 'outcome') continue
        const own = typeOf(output.typeRef, this.#definitions)
        const fromStructure =
          stated.kind === 'structure' ? stated.components.get(output.name ?? '') : logic.output?.length === 1 ? stated : undefined
        const definition =
          own.kind === 'fact'
            ? own.definition
            : fromStructure?.kind === 'fact'
              ? fromStructure.definition
              : { type: this.#typeOfEntries(logic, at) }
        const item = definition.type === 'list' ? (definition.of ?? 'string') : definition.type
        this.#outputs[outputName] = isList ? { type: 'list', of: item } : logic.aggregation ? { type: 'number' } : definition
      }
    } else if (logic && ![...this.#aliases.values()].includes(decision)) {
      this.#outputs[name] = stated.kind === 'fact' ? stated.definition : { type: this.#inferred(decision) }
    }
  }

  /** What the column is called in the policy: as its decision when it is alone. */
  #columnName(decision: Decision, table: DecisionTable, at: number): string {
    const name = nameOf(decision)
    if (table.output?.length === 1) return this.#speaksOfOutcome(name, table, at) ? 'outcome' : name
    const dotted = `${name}.${table.output?.[at]?.name ?? `output ${at + 1}`}`
    const alias = this.#aliases.get(dotted)
    if (!alias) return dotted
    return this.#speaksOfOutcome(nameOf(alias), table, at) ? 'outcome' : nameOf(alias)
  }

  #speaksOfOutcome(name: string, table: DecisionTable, at: number): boolean {
    return (
      /^outcome( \(.+\))?$/.test(name) &&
      (table.rule ?? []).every(
        ({ outputEntry }) =>
          OUTCOMES.some(outcome => outputEntry?.[at]?.text?.trim() === `"${outcome}"`) || !outputEntry?.[at]?.text?.trim(),
      )
    )
  }

  #typeOfEntries(table: DecisionTable, at: number): FactType {
    const types = new Set((table.rule ?? []).map(({ outputEntry }) => this.#typeOfText(outputEntry?.[at]?.text ?? '')))
    types.delete(undefined)
    const [type] = types
    return types.size === 1 && type ? type : 'string'
  }

  #inferred(decision: Decision): FactType {
    const type = this.#typeOfText(this.#expression(boxedToFeel(decision.decisionLogic) ?? ''))
    if (type) return type
    this.say('DMN_TYPE', 'warning', pointer('', 'decision', decision.id ?? ''), {
      en: `The type of decision "${nameOf(decision)}" is not stated; taken as a number.`,
      zh: `决策“${nameOf(decision)}”未说明类型，按数值处理。`,
    })
    return 'number'
  }

  #typeOfText(text: string): FactType | undefined {
    if (text.trim() === '' || text.trim() === '-') return undefined
    const parsed = parseExpression(text, knownNames(this.#names()))
    if (parsed.kind === 'failed') return undefined
    const type = inferType(parsed.tree, name => feelTypeOf(this.#facts[name]?.type ?? this.#outputs[name]?.type))
    return type === 'number' || type === 'string' || type === 'boolean' || type === 'date' || type === 'list' ? type : undefined
  }

  #step(decision: Decision): readonly Step[] {
    const logic = decision.decisionLogic
    const path = pointer('', 'decision', decision.id ?? nameOf(decision))
    if (!logic) {
      this.say('DMN_WITHOUT_LOGIC', 'warning', path, {
        en: `Decision "${nameOf(decision)}" has no logic and is left out.`,
        zh: `决策“${nameOf(decision)}”没有逻辑，已忽略。`,
      })
      return []
    }
    if (logic.$type === 'dmn:DecisionTable') return [this.#table(decision, logic, path)]
    if ([...this.#aliases.values()].includes(decision)) return []
    const text = boxedToFeel(logic)
    if (text === undefined) {
      this.say('DMN_BOXED', 'error', path, {
        en: `Decision "${nameOf(decision)}" is made of parts that a policy does not have (${logic.$type.slice(4)}).`,
        zh: `决策“${nameOf(decision)}”包含策略不支持的结构（${logic.$type.slice(4)}）。`,
      })
      return []
    }
    if (logic.$type === 'dmn:LiteralExpression') this.#checkLanguage(logic.expressionLanguage, text, path)
    const expression = this.#expression(text)
    this.#declareFree(expression, undefined, path)
    const step: FormulaStep = {
      id: stepId(decision),
      title: titleOf(nameOf(decision)),
      kind: 'formula',
      expressions: [{ id: stepId(decision), output: nameOf(decision), expression }],
    }
    return [decision.description ? { ...step, comment: decision.description } : step]
  }

  #table(decision: Decision, table: DecisionTable, path: string): TableStep {
    const hitPolicy = HIT_POLICY_LETTERS[table.hitPolicy ?? 'UNIQUE']
    if (!hitPolicy)
      this.say('DMN_HIT_POLICY', 'error', path, {
        en: `Hit policy "${table.hitPolicy}" is not known.`,
        zh: `未知的命中策略“${table.hitPolicy}”。`,
      })
    const aggregation = AGGREGATION_NAMES[table.aggregation ?? '']
    const inputs = (table.input ?? []).map((input, at) => {
      const text = input.inputExpression?.text?.trim() || input.$attrs?.['camunda:inputVariable'] || ''
      const place = pointer(path, 'input', at)
      if (text === '')
        this.say('DMN_INPUT_EMPTY', 'error', place, { en: 'The column has no input expression.', zh: '该列没有输入表达式。' })
      this.#checkLanguage(input.inputExpression?.expressionLanguage, text, place)
      const expression = this.#expression(text.replace(/^\$\{(.*)\}$/, '$1'))
      const type = typeOf(input.inputExpression?.typeRef, this.#definitions)
      this.#declareFree(expression, type.kind === 'fact' ? type.definition : undefined, place)
      return {
        id: input.id ?? `i${at + 1}`,
        expression,
        ...(input.label ? { label: titleOf(input.label) } : {}),
        ...(input.inputValues?.text ? { allowedValues: input.inputValues.text } : {}),
      }
    })
    const outputs = (table.output ?? []).map((output, at) => {
      const stated =
        output.outputValues?.text ??
        this.#definitions.itemDefinition?.find(({ name }) => name === (output.typeRef ?? decision.variable?.typeRef))?.allowedValues?.text
      const values = constantsOf(stated)
      const name = this.#columnName(decision, table, at)
      return {
        id: output.id ?? `o${at + 1}`,
        name,
        ...(output.label ? { label: titleOf(output.label) } : {}),
        ...(values && name !== 'outcome' ? { values } : {}),
        ...(output.defaultOutputEntry?.text ? { default: output.defaultOutputEntry.text } : {}),
      }
    })
    const ids = new Set<string>()
    const rows = (table.rule ?? []).map((rule, at) => {
      const id = rule.id !== undefined && !ids.has(rule.id) ? rule.id : `r${at + 1}`
      ids.add(id)
      const comment = [rule.description, ...(rule.annotationEntry ?? []).map(({ text }) => text)].filter(Boolean).join(' · ')
      const place = pointer(path, 'rule', at)
      for (const entry of [...(rule.inputEntry ?? []), ...(rule.outputEntry ?? [])])
        this.#checkLanguage(entry.expressionLanguage, entry.text ?? '', place)
      for (const entry of rule.outputEntry ?? []) this.#declareFree(entry.text ?? '', undefined, place)
      return {
        id,
        when: inputs.map((_, column) => rule.inputEntry?.[column]?.text?.trim() || '-'),
        then: outputs.map((_, column) => this.#expression(rule.outputEntry?.[column]?.text?.trim() ?? '')),
        ...(comment ? { comment } : {}),
      }
    })
    return {
      id: stepId(decision),
      title: titleOf(nameOf(decision)),
      ...(decision.description ? { comment: decision.description } : {}),
      kind: 'table',
      hitPolicy: hitPolicy ?? 'U',
      ...(aggregation ? { aggregation } : {}),
      inputs,
      outputs,
      rows,
    }
  }

  #expression(text: string): string {
    return this.#knowledge.size === 0 ? text : inlineCalls(text, this.#knowledge, this.#names())
  }

  #names(): readonly string[] {
    return [...Object.keys(this.#facts), ...Object.keys(this.#outputs)]
  }

  /** Camunda's tables name their inputs without declaring input data. */
  #declareFree(text: string, definition: FactDefinition | undefined, path: string): void {
    for (const name of freeNames(text, this.#names())) {
      this.#facts[name] = definition ?? { type: 'string' }
      if (!definition)
        this.say('DMN_TYPE', 'warning', path, {
          en: `"${name}" is declared nowhere; taken as a text.`,
          zh: `“${name}”未声明，按文本处理。`,
        })
    }
    if (/\btoday\s*\(\s*\)/.test(text)) this.#facts['today'] ??= { type: 'date' }
  }

  #checkLanguage(language: string | undefined, text: string, path: string): void {
    if (language === undefined || /feel/i.test(language) || /^(\$\{)?[\w.]+\}?$/.test(text)) return
    this.say('DMN_LANGUAGE', 'error', path, {
      en: `"${text}" is written in ${language}; write it in FEEL.`,
      zh: `“${text}”使用的是 ${language}；请改用 FEEL。`,
    })
  }
}

function nameOf({ variable, name }: Pick<Decision, 'variable' | 'name'>): string {
  return variable?.name ?? name ?? ''
}

function stepId(decision: Decision): string {
  return decision.id ?? slug(nameOf(decision))
}

function titleOf(name: string): Text {
  return { en: name, zh: name }
}

function slug(name: string): string {
  return (
    name
      .trim()
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, '-')
      .replace(/^-+|-+$/g, '') || 'decision'
  )
}
