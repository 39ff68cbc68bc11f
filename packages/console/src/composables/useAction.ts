import { useMutation, type AnyVariables, type TypedDocumentNode } from '@urql/vue'
import { shallowRef, type Ref } from 'vue'
import { problemOf, problemOfDeclared, type DeclaredError, type Problem } from '../graphql/problem.ts'

/** The `data` of a mutation whose only field is a union of one success and several errors. */
export type Success<Result> = Extract<Result[Exclude<keyof Result, '__typename'>], { readonly data: unknown }>['data']

export interface Action<Result, Variables> {
  /** Does it; gives back what the server says is so now, or undefined with `problem` set. */
  run(variables: Variables): Promise<Success<Result> | undefined>
  readonly isRunning: Ref<boolean>
  /** Why the last run failed. */
  readonly problem: Ref<Problem | undefined>
}

/** A mutation whose expected failures are types of the schema: `mutation { decideTask(input: $input) { __typename ... } }`. */
export function useAction<Result extends object, Variables extends AnyVariables>(
  document: TypedDocumentNode<Result, Variables>,
): Action<Result, Variables> {
  const { executeMutation, fetching } = useMutation<Result, Variables>(document)
  const problem = shallowRef<Problem>()
  return {
    isRunning: fetching,
    problem,
    async run(variables) {
      problem.value = undefined
      const { data, error } = await executeMutation(variables)
      if (error) {
        problem.value = problemOf(error)
        return undefined
      }
      const outcome = data && outcomeOf(data)
      if (outcome && 'data' in outcome) return outcome.data
      problem.value = outcome ? problemOfDeclared(outcome) : { kind: 'internal', code: 'EMPTY_ANSWER', issues: [] }
      return undefined
    },
  }
}

const outcomeOf = (data: object): { readonly data: never } | DeclaredError | undefined =>
  Object.entries(data).find(([field]) => field !== '__typename')?.[1] as { readonly data: never } | DeclaredError | undefined
