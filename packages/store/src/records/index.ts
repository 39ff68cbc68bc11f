/** Records that machines bring, in any order and as often as they like. */
export { RECORD_KINDS, recordFields, type RecordField, type RecordKind } from './fields.ts'
export { takeRecords, type Delivery, type DeliveryReceipt } from './take-records.ts'
export { setOrderClosed, type OrderClosing } from './order-closing.ts'
