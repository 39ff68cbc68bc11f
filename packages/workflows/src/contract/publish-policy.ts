/** One workflow run sees one published version of a policy into force. */
export interface PublishPolicyInput {
  readonly policyId: string
  readonly version: number
}

export const PUBLISH_POLICY = 'publishPolicy'

export function publishPolicyId({ policyId, version }: PublishPolicyInput): string {
  return `policy-${policyId}-${version}`
}
