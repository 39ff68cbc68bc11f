import type { OperatorTable } from '../operators/index.ts'
import type { Outcome, Policy, Rule, Text, UnknownHandling } from '../policy/document.ts'
import { pointer } from '../policy/pointer.ts'
import { sentenceOfCondition } from './condition.ts'
import { join, type Language, type Span } from './span.ts'
import { definitionOf, nameWords, quoted, valueWords } from './value.ts'

/** A rule as a sentence: when it holds, what it does, and what comes of it when something is missing. */
export function sentenceOfRule(rule: Rule, path: string, policy: Policy, language: Language, operators?: OperatorTable): Span[] {
  const event = pointer(path, 'event')
  const effects = effectsOf(rule, event, policy, language)
  return [
    { text: language === 'zh' ? '如果' : 'If ', path },
    ...sentenceOfCondition(rule.conditions, pointer(path, 'conditions'), policy, language, operators),
    { text: language === 'zh' ? '，则' : ', then ', path },
    ...(effects.length > 0
      ? join(effects, language === 'zh' ? '，并' : ' and ', event)
      : [
          {
            text: language === 'zh' ? `触发${quoted(rule.event.type, 'zh')}` : `raise ${quoted(rule.event.type, 'en')}`,
            path: pointer(event, 'type'),
          },
        ]),
    { text: MISSING[policy.whenUnknown ?? 'refer'][language], path: '/whenUnknown' },
  ]
}

const OUTCOME_WORDS: Readonly<Record<Outcome, Text>> = {
  approve: { en: 'approve', zh: '通过' },
  refer: { en: 'refer', zh: '转人工' },
  decline: { en: 'decline', zh: '拒绝' },
}

const MISSING: Readonly<Record<UnknownHandling, Text>> = {
  refer: { en: '. If that can’t be told for want of data, refer.', zh: '。因数据缺失而无法判断时，转人工。' },
  decline: { en: '. If that can’t be told for want of data, decline.', zh: '。因数据缺失而无法判断时，拒绝。' },
  ignore: { en: '. If that can’t be told for want of data, go on.', zh: '。因数据缺失而无法判断时，忽略。' },
}

function effectsOf(rule: Rule, event: string, policy: Policy, language: Language): Span[][] {
  const at = pointer(event, 'params')
  const { outcome, set = {}, require = [], reason } = rule.event.params ?? {}
  const effects: Span[][] = []
  if (outcome) effects.push([{ text: OUTCOME_WORDS[outcome][language], path: pointer(at, 'outcome') }])
  for (const [name, value] of Object.entries(set)) {
    const shown = valueWords(value, definitionOf(name, policy), policy, language)
    const label = nameWords(name, policy, language)
    effects.push([{ text: language === 'zh' ? `将${label}设为${shown}` : `set ${label} to ${shown}`, path: pointer(at, 'set', name) }])
  }
  for (const [index, { text }] of require.entries()) {
    effects.push([
      {
        text: language === 'zh' ? `要求${quoted(text.zh, 'zh')}` : `require ${quoted(text.en, 'en')}`,
        path: pointer(at, 'require', index),
      },
    ])
  }
  if (reason)
    effects.push([
      {
        text: language === 'zh' ? `说明${quoted(reason.text.zh, 'zh')}` : `say ${quoted(reason.text.en, 'en')}`,
        path: pointer(at, 'reason'),
      },
    ])
  return effects
}
