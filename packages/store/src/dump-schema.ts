/** The schema as SQL text, the same for the same schema. */
export declare function dumpSchema(ownerUrl: string): Promise<string>
