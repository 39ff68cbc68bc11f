import { join } from 'node:path'
import { z } from 'zod'

/** What the environment says about this instance. */
export interface Config {
  readonly databaseUrl: string
  readonly temporalAddress: string
  readonly temporalNamespace: string
  /** Address of Temporal's own UI, shown to administrators. */
  readonly temporalUi: string | undefined
  readonly port: number
  readonly host: string
  readonly isDemo: boolean
  readonly environment: string
  readonly logLevel: string
  readonly consoleFolder: string
  /** Which proxies may say where a request came from, as express understands it. */
  readonly trustProxy: string
  /** Heads of the audit chain, noted outside the database by the worker. */
  readonly auditAnchorsFile: string | undefined
  /** From which the key is made that seals secrets of webhooks. */
  readonly secret: string | undefined
  readonly version: string
}

class ConfigInvalid extends Error {
  readonly code = 'CONFIG_INVALID'
}

/** Reads the environment once; everything that is wrong is named in one error. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const parsed = Environment.safeParse(environment)
  if (!parsed.success) {
    throw new ConfigInvalid(parsed.error.issues.map(issue => `${issue.path.join('.')}: ${issue.message}`).join('\n'))
  }
  const values = parsed.data
  return {
    databaseUrl: values.SURETY_DATABASE_URL,
    temporalAddress: values.TEMPORAL_ADDRESS,
    temporalNamespace: values.TEMPORAL_NAMESPACE,
    temporalUi: values.SURETY_TEMPORAL_UI || undefined,
    port: values.SURETY_PORT,
    host: values.SURETY_HOST,
    isDemo: values.SURETY_DEMO === '1',
    environment: values.SURETY_ENVIRONMENT ?? (values.SURETY_DEMO === '1' ? 'demo' : 'production'),
    logLevel: values.SURETY_LOG_LEVEL,
    consoleFolder: values.SURETY_CONSOLE ?? join(import.meta.dirname, '../../console/dist'),
    trustProxy: values.SURETY_TRUST_PROXY,
    auditAnchorsFile: values.SURETY_HOME ? join(values.SURETY_HOME, 'audit-anchors.ndjson') : undefined,
    secret: values.SURETY_SECRET || undefined,
    version: '0.1.0',
  }
}

const Environment = z.object({
  SURETY_DATABASE_URL: z.url({
    protocol: /^postgres(ql)?$/,
    error: 'set it to the address of the database, postgres://surety_app:…@host:5432/surety',
  }),
  TEMPORAL_ADDRESS: z.string().default('127.0.0.1:7233'),
  TEMPORAL_NAMESPACE: z.string().default('default'),
  SURETY_TEMPORAL_UI: z.string().optional(),
  SURETY_PORT: z.coerce.number({ error: 'must be a port number' }).int().min(0).max(65_535).default(4000),
  SURETY_HOST: z.string().default('0.0.0.0'),
  SURETY_DEMO: z.enum(['0', '1'], { error: 'must be 0 or 1' }).default('0'),
  SURETY_ENVIRONMENT: z.string().optional(),
  SURETY_LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  SURETY_HOME: z.string().optional(),
  SURETY_SECRET: z.string().optional(),
  SURETY_CONSOLE: z.string().optional(),
  SURETY_TRUST_PROXY: z.string().default('loopback'),
})
