import { customerMatches, escapeLike } from './customers.ts'
import type { Tx } from './sql.ts'

export interface SearchHit {
  readonly kind: 'customer' | 'application' | 'document' | 'policy'
  readonly id: string
  readonly title: string
  readonly subtitle: string
  readonly grade: string | null
}

/** Finds customers by name or number, applications and documents by number, policies by title; customers first. */
export async function search(tx: Tx, query: string, first = 8): Promise<SearchHit[]> {
  const text = query.trim().slice(0, 200)
  if (text === '') return []
  const size = Math.max(1, Math.min(50, first))
  return tx<SearchHit[]>`
    (select 'customer' as kind, c.id::text as id, c.name as title, c.number as subtitle, (select a.grade from credit_accounts a where a.customer_id = c.id order by a.id limit 1) as grade
      from customers c where ${customerMatches(tx, text)} order by (c.number = ${text}) desc, length(c.name), c.id limit ${size})
    union all
    (select 'application', a.id::text, c.name, '#' || a.id, a.grade
      from credit_applications a join customers c on c.id = a.customer_id
      where a.id::text = ${text.replace(/^#/, '')} or (${customerMatches(tx, text)} and a.status in ('submitted', 'in_approval', 'returned')) order by a.id desc limit ${size})
    union all
    (select 'document', d.id::text, d.number, c.name, null from documents d join customers c on c.id = d.customer_id where d.number = ${text} order by d.id limit ${size})
    union all
    (select 'policy', p.id, p.title ->> 'zh', p.title ->> 'en', null from policies p
      where p.id ilike ${`%${escapeLike(text)}%`} or p.title ->> 'zh' ilike ${`%${escapeLike(text)}%`} or p.title ->> 'en' ilike ${`%${escapeLike(text)}%`} order by p.id limit ${size})
    limit ${size}`
}
