import { hash } from '@node-rs/argon2'

/** argon2id in PHC format. */
export function hashPassword(password: string): Promise<string> {
  return hash(password, ARGON2ID)
}

// OWASP's smallest recommended setting; the memory is in KiB, and 2 stands for argon2id.
const ARGON2ID = { algorithm: 2, timeCost: 2, memoryCost: 19 * 1024, parallelism: 1 } as const
