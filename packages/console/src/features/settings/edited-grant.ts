import type { ColleaguesQuery, Role, RoleGrantInput } from '../../graphql/generated/graphql.ts'

/** A role as a form holds it. */
export interface EditedGrant {
  /** Empty: not chosen yet. */
  readonly role: Role | ''
  /** Empty: every segment. */
  readonly segment: string
  readonly authorityLevel: number
}

export const newGrant = (): EditedGrant => ({ role: '', segment: '', authorityLevel: 1 })

export const editGrants = (roles: ColleaguesQuery['colleagues'][number]['roles']): EditedGrant[] =>
  roles.map(({ role, segment, authorityLevel }) => ({ role, segment: segment?.id ?? '', authorityLevel: authorityLevel ?? 1 }))

/** What is to be sent; rows in which no role is chosen are left out. */
export const grantInputs = (grants: readonly EditedGrant[]): RoleGrantInput[] =>
  grants.flatMap(({ role, segment, authorityLevel }) =>
    role === '' ? [] : [{ role, ...(segment && { segment }), ...(role === 'APPROVER' && { authorityLevel }) }],
  )
