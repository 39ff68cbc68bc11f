import type { Tx } from '../sql.ts'
import { createUser, findUserByLogin, type Role, type User } from '../users.ts'

/** Made-up colleagues, one a role and an approver for each level of authority. They have no password: the sign-in page offers them by name. */
const COLLEAGUES = [
  { login: 'sales', name: '陆晨 Lu Chen', role: 'sales' },
  { login: 'risk', name: '沈岚 Shen Lan', role: 'risk_officer' },
  { login: 'approver1', name: '顾珩 Gu Heng', role: 'approver', authorityLevel: 1 },
  { login: 'approver2', name: '叶湛 Ye Zhan', role: 'approver', authorityLevel: 2 },
  { login: 'approver3', name: 'Helen Marsh', role: 'approver', authorityLevel: 3 },
  { login: 'analyst', name: '苏宸 Su Chen', role: 'analyst' },
  { login: 'collector', name: '江沛 Jiang Pei', role: 'collector' },
  { login: 'auditor', name: 'Daniel Frost', role: 'auditor' },
  { login: 'admin', name: '韩屹 Han Yi', role: 'admin' },
] as const satisfies readonly { login: string; name: string; role: Role; authorityLevel?: number }[]

export interface DemoUsers {
  readonly sales: User
  /** By level, from 1. */
  readonly approvers: readonly User[]
}

export async function createDemoUsers(tx: Tx): Promise<DemoUsers> {
  const users: User[] = []
  for (const { login, name, role, ...level } of COLLEAGUES) {
    const grants = [{ role, segmentId: null, authorityLevel: 'authorityLevel' in level ? level.authorityLevel : null }]
    users.push(
      (await findUserByLogin(tx, login)) ??
        (await createUser(tx, { login, name, email: `${login}@demo.surety.example`, grants, isDemo: true })),
    )
  }
  const withRole = (role: Role): User[] => users.filter(({ grants }) => grants.some(grant => grant.role === role))
  return { sales: withRole('sales')[0]!, approvers: withRole('approver') }
}
