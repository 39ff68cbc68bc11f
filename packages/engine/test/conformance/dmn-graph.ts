import {
  AGGREGATION_NAMES,
  type BoxedExpression,
  type BusinessKnowledgeModel,
  type Decision,
  type DecisionTable,
  type Definitions,
  type FunctionDefinition,
  HIT_POLICY_LETTERS,
  type ItemDefinition,
} from '../../src/dmn/read.ts'
import { cellProgram, createVocabulary, expressionProgram, type FeelProblem, type Vocabulary } from '../../src/feel/program.ts'
import { FeelFunction, type FeelValue, isList } from '../../src/feel/values.ts'
import { aggregate, selectHits } from '../../src/table/hits.ts'

type Memory = Readonly<Record<string, FeelValue>>

/**
 * Evaluates a whole DMN requirement graph with our FEEL, our cells and our hit policies. Policies are flatter than DMN
 * (no business knowledge models, no nested contexts), so the TCK's deeper models run here rather than through import.
 */
export class DmnGraph {
  readonly #definitions: Definitions
  readonly #imports: readonly Definitions[]
  readonly #innerNames: readonly string[]

  constructor(definitions: Definitions, imports: readonly Definitions[] = []) {
    this.#definitions = definitions
    this.#imports = imports
    this.#innerNames = [definitions, ...imports].flatMap(model => [
      ...(model.itemDefinition ?? []).flatMap(componentNames),
      ...(model.drgElement ?? []).flatMap(element => [
        element.name ?? '',
        ...('decisionLogic' in element
          ? namesInside(element.decisionLogic)
          : 'encapsulatedLogic' in element
            ? namesInside(element.encapsulatedLogic)
            : []),
      ]),
    ])
  }

  decide(name: string, inputs: Memory): FeelValue {
    const decision = this.#definitions.drgElement?.find(
      (element): element is Decision => element.$type === 'dmn:Decision' && element.name === name,
    )
    return decision ? this.#decision(decision, inputs, this.#definitions) : null
  }

  #decision(decision: Decision, inputs: Memory, model: Definitions): FeelValue {
    if (!decision.decisionLogic) return null
    return this.#evaluate(decision.decisionLogic, this.#required(decision, inputs, model), decision.variable?.typeRef)
  }

  #required(element: Decision | BusinessKnowledgeModel, inputs: Memory, model: Definitions): Memory {
    const memory: Record<string, FeelValue> = {}
    for (const requirement of 'informationRequirement' in element ? (element.informationRequirement ?? []) : []) {
      const found = this.#find(requirement.requiredInput?.href ?? requirement.requiredDecision?.href, model)
      if (found?.element.$type === 'dmn:InputData') memory[found.element.name ?? ''] = inputs[found.element.name ?? ''] ?? null
      if (found?.element.$type === 'dmn:Decision') {
        const name = found.element.variable?.name ?? found.element.name ?? ''
        // A decision service is given the results of its input decisions.
        put(
          memory,
          found.prefix,
          name,
          Object.hasOwn(inputs, name) ? (inputs[name] ?? null) : this.#decision(found.element, inputs, found.model),
        )
      }
    }
    for (const { requiredKnowledge } of element.knowledgeRequirement ?? []) {
      const found = this.#find(requiredKnowledge?.href, model)
      if (found?.element.$type === 'dmn:BusinessKnowledgeModel')
        put(memory, found.prefix, found.element.name ?? '', this.#knowledge(found.element, inputs, found.model))
    }
    return memory
  }

  #find(href: string | undefined, model: Definitions) {
    const [namespace = '', id] = (href ?? '').split('#')
    const home = namespace === '' || namespace === model.namespace ? model : this.#imports.find(other => other.namespace === namespace)
    const element = home?.drgElement?.find(candidate => candidate.id === id)
    const prefix = home === model ? undefined : model.import?.find(entry => entry.namespace === namespace)?.name
    return home && element && { element, model: home, prefix }
  }

  #knowledge(knowledge: BusinessKnowledgeModel, inputs: Memory, model: Definitions): FeelValue {
    return this.#function(knowledge.encapsulatedLogic, this.#required(knowledge, inputs, model))
  }

  #function(definition: FunctionDefinition | undefined, closure: Memory): FeelValue {
    const { body, formalParameter = [] } = definition ?? {}
    if (!body) return null
    const parameters = formalParameter.map(({ name = '' }) => name)
    return new FeelFunction(parameters, (...values) =>
      this.#evaluate(body, { ...closure, ...Object.fromEntries(parameters.map((name, at) => [name, values[at] ?? null])) }),
    )
  }

  #evaluate(expression: BoxedExpression, memory: Memory, typeRef?: string): FeelValue {
    switch (expression.$type) {
      case 'dmn:LiteralExpression':
        return this.#text(expression.text ?? 'null', memory)
      case 'dmn:DecisionTable':
        return this.#table(expression, memory, typeRef)
      case 'dmn:FunctionDefinition':
        return this.#function(expression, memory)
      case 'dmn:Invocation': {
        const called = expression.calledFunction ? this.#evaluate(expression.calledFunction, memory) : null
        if (!(called instanceof FeelFunction)) return null
        const bound = new Map(
          (expression.binding ?? []).map(({ parameter, bindingFormula }) => [
            parameter?.name ?? '',
            bindingFormula ? this.#evaluate(bindingFormula, memory) : null,
          ]),
        )
        return called.invoke(...called.parameters.map(name => bound.get(name) ?? null))
      }
      case 'dmn:Context': {
        const entries: Record<string, FeelValue> = {}
        for (const { variable, value } of expression.contextEntry ?? []) {
          const result = value ? this.#evaluate(value, { ...memory, ...entries }) : null
          if (variable?.name === undefined) return result
          entries[variable.name] = result
        }
        return entries
      }
      case 'dmn:List':
        return (expression.elements ?? []).map(element => this.#evaluate(element, memory))
      case 'dmn:Relation':
        return (expression.row ?? []).map(row =>
          Object.fromEntries(
            (expression.column ?? []).map(({ name = '' }, at) => [
              name,
              row.elements?.[at] ? this.#evaluate(row.elements[at], memory) : null,
            ]),
          ),
        )
    }
  }

  #text(text: string, memory: Memory): FeelValue {
    const program = expressionProgram(text, this.#vocabulary(memory))
    refuseSyntax(program)
    return program.run(memory, null)
  }

  #table(table: DecisionTable, memory: Memory, typeRef?: string): FeelValue {
    const vocabulary = this.#vocabulary(memory)
    const policy = HIT_POLICY_LETTERS[table.hitPolicy ?? 'UNIQUE'] ?? 'U'
    const inputs = (table.input ?? []).map(({ inputExpression }) => this.#text(inputExpression?.text ?? 'null', memory))
    const outputs = table.output ?? []
    const result = (values: readonly FeelValue[]): FeelValue =>
      outputs.length === 1 ? (values[0] ?? null) : Object.fromEntries(outputs.map(({ name = '' }, at) => [name, values[at] ?? null]))
    const rules = table.rule ?? []
    const outputsOf = (row: number): readonly FeelValue[] =>
      (rules[row]?.outputEntry ?? []).map(({ text = '' }) => (text.trim() === '' ? null : this.#text(text, memory)))
    const holds = (row: number): boolean =>
      inputs.every((value, at) => {
        const program = cellProgram(rules[row]?.inputEntry?.[at]?.text ?? '-', vocabulary)
        refuseSyntax(program)
        return program.run(memory, value) === true
      })
    const priorities = outputs.map(({ outputValues }, at) => {
      const text = outputValues?.text ?? this.#allowedValues(outputs.length === 1 ? (outputs[0]?.typeRef ?? typeRef) : outputs[at]?.typeRef)
      const list = text === undefined ? [] : this.#text(`[${text}]`, memory)
      return isList(list) ? list : []
    })
    const hits = selectHits(
      policy,
      rules.flatMap((_, row) => (holds(row) ? [row] : [])),
      { outputsOf, priorities },
    )
    if (!hits) return null
    const aggregation = AGGREGATION_NAMES[table.aggregation ?? '']
    const total =
      aggregation &&
      aggregate(
        aggregation,
        hits.map(row => outputsOf(row)[0] ?? null),
      )
    if (total !== undefined && total !== null) return total
    if (hits.length === 0) {
      const fallback = outputs.map(({ defaultOutputEntry }) =>
        defaultOutputEntry?.text ? this.#text(defaultOutputEntry.text, memory) : null,
      )
      return fallback.every(value => value === null) ? null : result(fallback)
    }
    const results = hits.map(row => result(outputsOf(row)))
    return policy === 'R' || policy === 'O' || policy === 'C' ? results : (results[0] ?? null)
  }

  #allowedValues(typeRef: string | undefined): string | undefined {
    return this.#definitions.itemDefinition?.find(({ name }) => name === typeRef)?.allowedValues?.text
  }

  #vocabulary(memory: Memory): Vocabulary<Memory> {
    return createVocabulary(
      Object.keys(memory),
      name => (Object.hasOwn(memory, name) ? values => values[name] ?? null : undefined),
      'feel',
      this.#innerNames,
    )
  }
}

/** What FEEL does not know is null to it. */
function refuseSyntax({ text, problems }: { readonly text: string; readonly problems: readonly FeelProblem[] }): void {
  const problem = problems.find(({ code }) => code === 'FEEL_SYNTAX')
  if (problem) throw new Error(`${text}: ${problem.message.en}`)
}

function put(memory: Record<string, FeelValue>, prefix: string | undefined, name: string, value: FeelValue): void {
  if (prefix === undefined) memory[name] = value
  else memory[prefix] = { ...(memory[prefix] as Readonly<Record<string, FeelValue>> | undefined), [name]: value }
}

function componentNames(item: ItemDefinition): readonly string[] {
  return [...(item.name === undefined ? [] : [item.name]), ...(item.itemComponent ?? []).flatMap(componentNames)]
}

function namesInside(expression: BoxedExpression | undefined): readonly string[] {
  switch (expression?.$type) {
    case 'dmn:DecisionTable':
      return (expression.output ?? []).flatMap(({ name }) => name ?? [])
    case 'dmn:Context':
      return (expression.contextEntry ?? []).flatMap(({ variable, value }) => [variable?.name ?? '', ...namesInside(value)])
    case 'dmn:FunctionDefinition':
      return [...(expression.formalParameter ?? []).flatMap(({ name }) => name ?? []), ...namesInside(expression.body)]
    case 'dmn:Relation':
      return (expression.column ?? []).flatMap(({ name }) => name ?? [])
    default:
      return []
  }
}
