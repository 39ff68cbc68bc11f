import type { Tx } from './sql.ts'
export interface SearchHit {
  readonly kind: 'customer' | 'application' | 'task' | 'document' | 'policy'
  readonly id: string
  readonly title: string
  readonly subtitle: string
  readonly grade: string | null
}
export declare function search(tx: Tx, query: string, first?: number): Promise<SearchHit[]>
