import { computed, type ComputedRef } from 'vue'
import { useI18n } from 'vue-i18n'
import { useFormat } from '../../format/useFormat.ts'
import type { ImportKind, ImportQuery } from '../../graphql/generated/graphql.ts'
import { useText } from '../../i18n/useText.ts'

export type OpenImport = NonNullable<ImportQuery['import']>
export type Counts = NonNullable<OpenImport['counts']>

interface ImportWords {
  /** What applying does, or did, as a sentence; empty when that is nothing. */
  deed(form: 'does' | 'did', kind: ImportKind, counts: Counts): string
  /** A field by its key, as the kind calls it. */
  field(fields: OpenImport['fields'], key: string): string
  /** A value of a previewed change. */
  value(key: string, value: unknown, currency: string): string
}

export function useImportWords(): ComputedRef<ImportWords> {
  const { t, te } = useI18n()
  const text = useText()
  const format = useFormat()

  return computed(() => {
    const noun = (name: string, count: number): string => t(`importNoun.${name}`, { count: format.value.number(count) }, count)
    return {
      deed(form, kind, counts) {
        const parts = [
          ...(counts.new > 0 ? [t(`import.${form}.new`, { what: noun(kind, counts.new) })] : []),
          ...(counts.changed > 0 ? [t(`import.${form}.changed`, { what: noun(kind, counts.changed) })] : []),
          ...(counts.newCustomers > 0 && kind !== 'CUSTOMERS'
            ? [t(`import.${form}.customers`, { what: noun('CUSTOMERS', counts.newCustomers) })]
            : []),
          ...(counts.mergedNames > 0 ? [t(`import.${form}.names`, { what: noun('names', counts.mergedNames) })] : []),
        ]
        return parts.length === 0 ? '' : t(`import.${form}.all`, { parts: format.value.list(parts) })
      },
      field(fields, key) {
        const known = fields.find(field => field.key === key)
        return known ? text(known.label) : te(`importField.${key}`) ? t(`importField.${key}`) : key
      },
      value(key, value, currency) {
        if (value === null || value === undefined || value === '') return t('format.missing')
        if (typeof value === 'boolean') return t(value ? 'import.yes' : 'import.no')
        if (Array.isArray(value)) return format.value.list(value.map(String))
        if (typeof value === 'number') return format.value.number(value)
        const written = typeof value === 'string' ? value : JSON.stringify(value)
        if (/^\d{4}-\d{2}-\d{2}$/.test(written)) return format.value.date(written)
        if (AMOUNTS.test(key) && currency) return format.value.money(written, currency)
        return written
      },
    }
  })
}

const AMOUNTS = /^(?:amount|openAmount|unappliedAmount|settledAmount|appliedAmount)$/
