import type { Tx } from '../sql.ts'
import { createUser, findUserByLogin, type Role, type User } from '../users.ts'

/** Made-up colleagues, one a role and an approver for each level of authority. They have no password: the sign-in page offers them by name. */
const COLLEAGUES = [
  { login: 'shen.zhiyuan', name: '沈知远', role: 'risk_officer' },
  { login: 'zhou.yuan', name: '周予安', role: 'approver', authorityLevel: 1 },
  { login: 'gu.mingxuan', name: '顾明轩', role: 'approver', authorityLevel: 2 },
  { login: 'xu.ruolan', name: '许若澜', role: 'approver', authorityLevel: 3 },
  { login: 'lu.zijin', name: '陆子衿', role: 'analyst' },
  { login: 'he.yutong', name: '何雨桐', role: 'collector' },
  { login: 'jiang.wanzhou', name: '江晚舟', role: 'sales' },
  { login: 'song.qinghe', name: '宋清和', role: 'auditor' },
  { login: 'qin.muye', name: '秦牧野', role: 'admin' },
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
    users.push((await findUserByLogin(tx, login)) ?? (await createUser(tx, { login, name, grants, isDemo: true })))
  }
  const withRole = (role: Role): User[] => users.filter(({ grants }) => grants.some((grant) => grant.role === role))
  return { sales: withRole('sales')[0]!, approvers: withRole('approver') }
}
