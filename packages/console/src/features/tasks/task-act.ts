/** Acts on a task that ask for a person, a time or words first. */
export type TaskAct = 'REASSIGN' | 'DELEGATE' | 'ADD_SIGNER' | 'POSTPONE'
