import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'

/** Keeps secrets in the database so that the database alone does not tell them: AES-256-GCM under a key of the house. */
export interface Seal {
  close(secret: string): Buffer
  /** Throws when it was closed under another key, or changed. */
  open(sealed: Buffer): string
}

const NONCE_BYTES = 12
const TAG_BYTES = 16

export function createSeal(houseSecret: string): Seal {
  const key = Buffer.from(hkdfSync('sha256', houseSecret, 'surety', 'webhook-secrets', 32))
  return {
    close(secret) {
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv('aes-256-gcm', key, nonce)
      return Buffer.concat([nonce, cipher.update(secret, 'utf8'), cipher.final(), cipher.getAuthTag()])
    },
    open(sealed) {
      const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE_BYTES))
      decipher.setAuthTag(sealed.subarray(-TAG_BYTES))
      return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]).toString('utf8')
    },
  }
}
