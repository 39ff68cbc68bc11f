import type { Actor, Sql, Tx } from './sql.ts'
export const ROLES = ['risk_officer', 'approver', 'analyst', 'collector', 'sales', 'auditor', 'admin'] as const
export type Role = (typeof ROLES)[number]
export interface RoleGrant {
  readonly role: Role
  /** Null: every segment. */
  readonly segmentId: number | null
  /** Approvers: the highest level at which they decide. */
  readonly authorityLevel: number | null
}
export interface User {
  readonly id: string
  readonly personId: string
  readonly name: string
  readonly login: string
  readonly language: 'zh-CN' | 'en'
  readonly isDemo: boolean
  readonly status: 'active' | 'disabled'
  readonly preferences: Readonly<Record<string, unknown>>
  readonly grants: readonly RoleGrant[]
}
export interface NewUser {
  readonly name: string
  readonly login: string
  readonly email?: string
  readonly language?: 'zh-CN' | 'en'
  readonly password?: string
  readonly isDemo?: boolean
  /** An existing person who gets a further login. */
  readonly personId?: string
  readonly grants: readonly RoleGrant[]
}
/** What a user may see: the union of the segments of their grants. */
export declare function actorOf(user: User, scopes?: readonly string[]): Actor
export declare function createUser(tx: Tx, user: NewUser): Promise<User>
export declare function findUser(tx: Tx, id: string): Promise<User | undefined>
export declare function findUserByLogin(tx: Tx, login: string): Promise<User | undefined>
export declare function findUsers(tx: Tx, ids: readonly string[]): Promise<Map<string, User>>
export declare function listDemoUsers(tx: Tx): Promise<User[]>
export declare function setGrants(tx: Tx, userId: string, grants: readonly RoleGrant[], reason: string): Promise<User>
/** Also ends all sessions. */
export declare function disableUser(tx: Tx, userId: string, reason: string): Promise<void>
export declare function enableUser(tx: Tx, userId: string, reason: string): Promise<void>
export declare function updatePreferences(tx: Tx, userId: string, change: { readonly language?: 'zh-CN' | 'en'; readonly preferences?: Readonly<Record<string, unknown>> }): Promise<User>
export declare function countUsers(sql: Sql): Promise<number>
