/** A name as it is compared and searched: width, case, accents, punctuation and company forms don't count. */
export declare function foldName(name: string): string
