/// <reference path="./dmn-moddle.d.ts" />
import { DmnModdle } from 'dmn-moddle'
import type { Text } from '../policy/document.ts'

/** The parts of a DMN model that we read; the names are those of the standard. */
export interface Definitions {
  readonly id?: string
  readonly name?: string
  readonly namespace?: string
  readonly import?: readonly { readonly name?: string; readonly namespace?: string; readonly importType?: string }[]
  readonly itemDefinition?: readonly ItemDefinition[]
  readonly drgElement?: readonly DrgElement[]
}

export interface ItemDefinition {
  readonly name?: string
  readonly typeRef?: string
  readonly isCollection?: boolean
  readonly allowedValues?: { readonly text?: string }
  readonly itemComponent?: readonly ItemDefinition[]
}

interface Element {
  readonly id?: string
  readonly name?: string
  readonly label?: string
  readonly description?: string
}

export interface Variable {
  readonly name?: string
  readonly typeRef?: string
}

interface Reference {
  readonly href?: string
}

type DrgElement =
  | (Element & { readonly $type: 'dmn:InputData'; readonly variable?: Variable })
  | Decision
  | BusinessKnowledgeModel
  | (Element & { readonly $type: 'dmn:DecisionService' | 'dmn:KnowledgeSource' })

export type Decision = Element & {
  readonly $type: 'dmn:Decision'
  readonly variable?: Variable
  readonly informationRequirement?: readonly { readonly requiredInput?: Reference; readonly requiredDecision?: Reference }[]
  readonly knowledgeRequirement?: readonly { readonly requiredKnowledge?: Reference }[]
  readonly decisionLogic?: BoxedExpression
}

export type BusinessKnowledgeModel = Element & {
  readonly $type: 'dmn:BusinessKnowledgeModel'
  readonly variable?: Variable
  readonly knowledgeRequirement?: readonly { readonly requiredKnowledge?: Reference }[]
  readonly encapsulatedLogic?: FunctionDefinition
}

export type BoxedExpression =
  | (Element & {
      readonly $type: 'dmn:LiteralExpression'
      readonly text?: string
      readonly expressionLanguage?: string
      readonly typeRef?: string
    })
  | DecisionTable
  | FunctionDefinition
  | (Element & {
      readonly $type: 'dmn:Invocation'
      readonly calledFunction?: BoxedExpression
      readonly binding?: readonly { readonly parameter?: Variable; readonly bindingFormula?: BoxedExpression }[]
    })
  | (Element & {
      readonly $type: 'dmn:Context'
      readonly contextEntry?: readonly { readonly variable?: Variable; readonly value?: BoxedExpression }[]
    })
  | BoxedList
  | (Element & { readonly $type: 'dmn:Relation'; readonly column?: readonly Variable[]; readonly row?: readonly BoxedList[] })

type BoxedList = Element & { readonly $type: 'dmn:List'; readonly elements?: readonly BoxedExpression[] }

export type FunctionDefinition = Element & {
  readonly $type: 'dmn:FunctionDefinition'
  readonly kind?: string
  readonly formalParameter?: readonly Variable[]
  readonly body?: BoxedExpression
}

export type DecisionTable = Element & {
  readonly $type: 'dmn:DecisionTable'
  readonly hitPolicy?: string
  readonly aggregation?: string
  readonly outputLabel?: string
  readonly input?: readonly (Element & {
    readonly inputExpression?: { readonly text?: string; readonly typeRef?: string; readonly expressionLanguage?: string }
    readonly inputValues?: { readonly text?: string }
    /** Camunda's name for the value that a cell tests. */
    readonly $attrs?: Readonly<Record<string, string>>
  })[]
  readonly output?: readonly (Element & {
    readonly typeRef?: string
    readonly outputValues?: { readonly text?: string }
    readonly defaultOutputEntry?: { readonly text?: string }
  })[]
  readonly rule?: readonly (Element & {
    readonly inputEntry?: readonly { readonly text?: string; readonly expressionLanguage?: string }[]
    readonly outputEntry?: readonly { readonly text?: string; readonly expressionLanguage?: string }[]
    readonly annotationEntry?: readonly { readonly text?: string }[]
  })[]
}

type ReadDmn =
  | { readonly kind: 'read'; readonly definitions: Definitions; readonly warnings: readonly string[] }
  | { readonly kind: 'unreadable'; readonly message: Text }

/** Reads DMN 1.1 to 1.5, Camunda's files included. */
export async function readDmn(xml: string): Promise<ReadDmn> {
  if (/<!(DOCTYPE|ENTITY)/i.test(xml)) {
    return {
      kind: 'unreadable',
      message: { en: 'A DMN file has no document type definition; remove it.', zh: 'DMN 文件不应包含文档类型定义（DTD），请删除。' },
    }
  }
  try {
    const { rootElement, warnings } = await new DmnModdle().fromXML(asDmn13(xml), 'dmn:Definitions')
    return { kind: 'read', definitions: rootElement as unknown as Definitions, warnings: warnings.map(({ message }) => message) }
  } catch (error) {
    const detail = error instanceof Error ? error.message.split('\n')[0] : String(error)
    return { kind: 'unreadable', message: { en: `Not a DMN file: ${detail}`, zh: `不是有效的 DMN 文件：${detail}` } }
  }
}

/** The reader knows the namespaces of DMN 1.3; what we read has not changed since 1.1. */
function asDmn13(xml: string): string {
  return xml
    .replace(
      /http:\/\/www\.omg\.org\/spec\/DMN\/20151101\/dmn\.xsd|https?:\/\/www\.omg\.org\/spec\/DMN\/20\d{6}\/MODEL\//g,
      'https://www.omg.org/spec/DMN/20191111/MODEL/',
    )
    .replace(/https?:\/\/www\.omg\.org\/spec\/DMN\/20\d{6}\/DMNDI\//g, 'https://www.omg.org/spec/DMN/20191111/DMNDI/')
}

export const HIT_POLICY_LETTERS: Readonly<Record<string, 'U' | 'A' | 'P' | 'F' | 'R' | 'O' | 'C'>> = {
  UNIQUE: 'U',
  ANY: 'A',
  PRIORITY: 'P',
  FIRST: 'F',
  'RULE ORDER': 'R',
  'OUTPUT ORDER': 'O',
  COLLECT: 'C',
}

export const AGGREGATION_NAMES: Readonly<Record<string, 'sum' | 'min' | 'max' | 'count'>> = {
  SUM: 'sum',
  MIN: 'min',
  MAX: 'max',
  COUNT: 'count',
}
