import type { GraphQLSchema } from 'graphql'
import { requireScopes } from '../auth/deny-by-default.ts'
import { builder } from '../builder.ts'
import './values.ts'
import './errors.ts'
import './pages.ts'
import './instance.ts'
import './people.ts'
import './colleagues.ts'
import './saved-views.ts'
import './accounts.ts'
import './ledger.ts'
import './facts.ts'
import './policies.ts'
import './policy-drafts.ts'
import './policy-impact.ts'
import './changes.ts'
import './library.ts'
import './decisions.ts'
import './audit.ts'
import './tasks.ts'
import './holds.ts'
import './applications.ts'
import './similar-cases.ts'
import './customers.ts'
import './imports.ts'
import './home.ts'
import './securities.ts'
import './portfolio.ts'
import './mail.ts'
import './live.ts'

builder.queryType({})
builder.mutationType({})
builder.subscriptionType({})

/** The whole schema; refuses to be when a field says nothing of who may see it. */
export const schema: GraphQLSchema = requireScopes(builder.toSchema())
