/** What a person may ask for on a customer's account beside a credit application. */
export const REQUEST_KINDS = ['LIMIT_CHANGE', 'TEMPORARY_LIMIT', 'WRITE_OFF'] as const
