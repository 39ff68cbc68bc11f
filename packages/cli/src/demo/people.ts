import type { Role } from '@surety/store'

/** Those who work at the demo company: one for each role, approvers for each level of the authority policy. */
export const DEMO_PEOPLE: readonly { readonly login: string; readonly name: string; readonly language: 'zh-CN' | 'en'; readonly role: Role; readonly authorityLevel?: number }[] = [
  { login: 'sales', name: '陆晨 Lu Chen', language: 'zh-CN', role: 'sales' },
  { login: 'risk', name: '沈岚 Shen Lan', language: 'zh-CN', role: 'risk_officer' },
  { login: 'approver1', name: '顾珩 Gu Heng', language: 'zh-CN', role: 'approver', authorityLevel: 1 },
  { login: 'approver2', name: '叶湛 Ye Zhan', language: 'zh-CN', role: 'approver', authorityLevel: 2 },
  { login: 'approver3', name: 'Helen Marsh', language: 'en', role: 'approver', authorityLevel: 3 },
  { login: 'analyst', name: '苏宸 Su Chen', language: 'zh-CN', role: 'analyst' },
  { login: 'collector', name: '江沛 Jiang Pei', language: 'zh-CN', role: 'collector' },
  { login: 'auditor', name: 'Daniel Frost', language: 'en', role: 'auditor' },
  { login: 'admin', name: '韩屹 Han Yi', language: 'zh-CN', role: 'admin' },
]
