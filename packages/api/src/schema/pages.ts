import type { Page } from '@surety/store'
import { builder } from '../builder.ts'

builder.globalConnectionField('totalCount', t => t.int({ description: 'Exact.', resolve: ({ totalCount }) => totalCount }))

/** Pages hold what the field that they come from has let through. */
export const ASKED = { authScopes: { public: true } } as const

export interface Connection<T> {
  edges: { cursor: string; node: T }[]
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null }
  totalCount: number
}

/** A page of the store as Relay has it. */
export function connectionOf<T>({ edges, hasNextPage, hasPreviousPage, totalCount }: Page<T>): Connection<T> {
  return {
    edges: [...edges],
    pageInfo: { hasNextPage, hasPreviousPage, startCursor: edges[0]?.cursor ?? null, endCursor: edges.at(-1)?.cursor ?? null },
    totalCount,
  }
}
