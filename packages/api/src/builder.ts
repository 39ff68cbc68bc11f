import SchemaBuilder from '@pothos/core'
import ComplexityPlugin from '@pothos/plugin-complexity'
import ErrorsPlugin from '@pothos/plugin-errors'
import RelayPlugin from '@pothos/plugin-relay'
import ScopeAuthPlugin from '@pothos/plugin-scope-auth'
import { MAX_PAGE } from '@surety/store'
import { holdsScope, type Scope } from './auth/scopes.ts'
import type { Context } from './context.ts'
import { NotAllowed, NotSignedIn } from './errors.ts'

interface SchemaTypes {
  Context: Context
  DefaultFieldNullability: false
  DefaultEdgesNullability: { list: false; items: false }
  DefaultNodeNullability: false
  Connection: { totalCount: number }
  Scalars: {
    ID: { Input: string; Output: string }
    Date: { Input: string; Output: string }
    DateTime: { Input: string; Output: string | Date }
    Decimal: { Input: string; Output: string }
    JSON: { Input: unknown; Output: unknown }
  }
  AuthScopes: {
    /** Told to everybody, signed in or not. */
    public: boolean
    signedIn: boolean
    /** Holds this right in at least one segment; which rows follow from it is the database's to say. */
    can: Scope
  }
}

export const builder = new SchemaBuilder<SchemaTypes>({
  // The first is the outermost: what scope-auth refuses, errors may turn into a type.
  plugins: [ComplexityPlugin, ErrorsPlugin, ScopeAuthPlugin, RelayPlugin],
  defaultFieldNullability: false,
  complexity: { defaultComplexity: 1, defaultListMultiplier: 5 },
  errors: {
    defaultResultOptions: { authScopes: { public: true } },
  },
  scopeAuth: {
    // Asked when needed rather than once: who signs in is signed in for the rest of the operation.
    authScopes: context => ({
      public: true,
      signedIn: () => context.viewer !== undefined,
      can: scope => context.viewer !== undefined && holdsScope(context.viewer.grants, scope),
    }),
    authorizeOnSubscribe: true,
    unauthorizedError: (_parent, { viewer }) => (viewer ? new NotAllowed() : new NotSignedIn()),
  },
  relay: {
    cursorType: 'String',
    // How many there are, the field that the page comes from has counted.
    edgesFieldOptions: { nullable: { list: false, items: false }, complexity: { field: 0, multiplier: 1 } },
    nodeFieldOptions: { nullable: false },
    nodeQueryOptions: false,
    nodesQueryOptions: false,
    pageInfoTypeOptions: { authScopes: { public: true } },
    defaultConnectionFieldOptions: {
      complexity: ({ first, last }) => ({ field: 2, multiplier: Math.max(1, Math.min(first ?? last ?? DEFAULT_PAGE, MAX_PAGE)) }),
    },
  },
})

const DEFAULT_PAGE = 50
