import type { ComposerTranslation } from 'vue-i18n'
import type { Role } from '../../graphql/generated/graphql.ts'

/** `审批人 2 级`, `Approver, level 2`. */
export function roleLabel(t: ComposerTranslation, grant: { readonly role: Role; readonly authorityLevel?: number | null }): string {
  return grant.authorityLevel
    ? t('role.withLevel', { role: t(`role.${grant.role}`), level: grant.authorityLevel })
    : t(`role.${grant.role}`)
}
