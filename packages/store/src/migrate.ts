export interface MigrateOptions {
  /** Sets the password of the application role `surety_app`. */
  readonly appPassword?: string
  readonly log?: (line: string) => void
}
export declare function migrate(ownerUrl: string, options?: MigrateOptions): Promise<{ applied: readonly string[] }>
/** Migrations not yet applied; empty when the schema is current. Reads as the application role can. */
export declare function pendingMigrations(sql: import('./sql.ts').Sql): Promise<readonly string[]>
/** The address of the same database for the application role. */
export declare function appUrlOf(ownerUrl: string, appPassword: string): string
